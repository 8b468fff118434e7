/** The demo users that anybody may be, while the exchange is in demo mode. */
import { useQuery } from '@tanstack/react-query';
import { api, ApiError, unwrap } from '@/shared/api';

const NOBODY: readonly string[] = [];

/** Their names; none when demo mode is off. */
export function useDemoUsers(): readonly string[] {
  const { data } = useQuery({ queryKey: ['demo-users'], queryFn: fetchNames, staleTime: Infinity, meta: { poll: false } });
  return data ?? NOBODY;
}

async function fetchNames(): Promise<readonly string[]> {
  try {
    return (await unwrap(api.GET('/v2/auth/demo-users'))).names;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return NOBODY;
    throw error;
  }
}
