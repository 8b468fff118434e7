/** Asking for and changing what belongs to the signed-in account itself: its API keys, its password, its sessions. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ApiError, unwrap, useSession, type components } from '@/shared/api';

export type ApiKey = components['schemas']['Key'];
export type ApiKeyWithSecret = components['schemas']['KeyWithSecret'];

const ME = ['session', 'me'];
const KEYS = ['session', 'api-keys'];

/** Who is signed in and since when the account is there. */
export function useMe() {
  return useQuery({ queryKey: ME, queryFn: ({ signal }) => unwrap(api.GET('/v2/auth/me', { signal })) });
}

/** The account's API keys that work, newest first. */
export function useApiKeys() {
  return useQuery({
    queryKey: KEYS,
    queryFn: ({ signal }) => unwrap(api.GET('/v2/auth/keys', { signal })),
    select: ({ keys }) => [...keys].sort((one, other) => other.created_at.localeCompare(one.created_at)),
  });
}

/** Make a key with a label; its secret is in the answer and never again anywhere. */
export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (label: string) => unwrap(api.POST('/v2/auth/keys', { body: { label } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS }),
  });
}

/** Revoke a key by its id; one that is revoked already counts as done. */
export function useRevokeApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (key_id: string) => {
      await unwrap(api.DELETE('/v2/auth/keys/{key_id}', { params: { path: { key_id } } })).catch((error: unknown) => {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS }),
  });
}

/** Change the password; every other session of the account ends. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (change: { old: string; new: string }) => unwrap(api.POST('/v2/auth/password', { body: change })),
  });
}

/** End all sessions of the account, this one included. */
export function useLogOutEverywhere() {
  const { logOut } = useSession();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/v2/auth/logout-all')),
    onSuccess: logOut,
  });
}
