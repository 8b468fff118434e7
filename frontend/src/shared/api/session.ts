/** The page's one session: logging in and out, and access tokens for requests and the live connection. */
import createClient from 'openapi-fetch';
import { useSyncExternalStore } from 'react';
import { errorOf, unreachable } from './errors';
import type { paths } from './schema';
import { KEPT_KEY, SessionStore, type Tokens } from './sessionStore';

const LOCK = 'stock-exchange.session';
const RETRY_RENEWAL_MS = 5_000;

const publicApi = createClient<paths>();

const store = new SessionStore({
  shared: localStorage,
  ofTab: sessionStorage,
  // Without a secure address there are no locks; then only this tab's own requests keep out of each other's way.
  exclusively: (work) => (navigator.locks ? (navigator.locks.request(LOCK, work) as ReturnType<typeof work>) : work()),
  refresh: (refresh_token) => tokensFrom(publicApi.POST('/v2/auth/refresh', { body: { refresh_token } })),
  nowMs: Date.now,
});

let renewal: ReturnType<typeof setTimeout> | undefined;

/** Read the kept session, follow the other tabs, renew in time. Once, when the page starts. */
export async function startSession(): Promise<void> {
  window.addEventListener('storage', ({ key }) => {
    if (key === KEPT_KEY || key === null) store.follow();
  });
  store.subscribe(() => scheduleRenewal(store.renewInMs()));
  scheduleRenewal(store.renewInMs());
  await store.start();
}

/** An access token that counts; undefined when nobody is signed in. */
export const getAccessToken = (): Promise<string | undefined> => store.accessToken();

/** A new access token in place of one that was refused; undefined when the session is over. */
export const renewAccessToken = (refused?: string): Promise<string | undefined> => store.renew(refused);

/** Hear of every new access token. */
export function onAccessToken(listener: (token: string | undefined) => void): () => void {
  let last = store.tokenInHand();
  return store.subscribe(() => {
    if (store.tokenInHand() !== last) listener((last = store.tokenInHand()));
  });
}

export const session = {
  getState: store.getState,
  subscribe: store.subscribe,

  async logIn(name: string, password: string): Promise<void> {
    store.signIn(await tokensFrom(publicApi.POST('/v2/auth/login', { body: { name, password } })));
  },

  async signUp(name: string, password: string): Promise<void> {
    store.signIn(await tokensFrom(publicApi.POST('/v2/auth/signup', { body: { name, password } })));
  },

  /** Also changes from one demo user to another; the session left behind is ended. */
  async demoLogIn(name: string): Promise<void> {
    const left = store.tokenInHand();
    store.signIn(await tokensFrom(publicApi.POST('/v2/auth/demo-login', { body: { name } })));
    if (left) await endSession(left);
  },

  /** Ends the session here at once; the exchange is told too, as far as it can be reached. */
  async logOut(): Promise<void> {
    const token = store.tokenInHand();
    store.signOut();
    if (token) await endSession(token);
  },
};

/** Who is signed in, and the ways in and out. */
export function useSession() {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const { logIn, signUp, demoLogIn, logOut } = session;
  return { ...state, logIn, signUp, demoLogIn, logOut };
}

async function tokensFrom(request: Promise<{ data?: Tokens; error?: unknown; response: Response }>): Promise<Tokens> {
  const { data, error, response } = await request.catch(() => {
    throw unreachable();
  });
  if (!data) throw errorOf(response, error);
  return data;
}

async function endSession(token: string): Promise<void> {
  await publicApi.POST('/v2/auth/logout', { headers: { Authorization: `Bearer ${token}` } }).catch(() => undefined);
}

function scheduleRenewal(inMs: number | undefined): void {
  clearTimeout(renewal);
  if (inMs === undefined) return;
  renewal = setTimeout(() => void store.renew().catch(() => scheduleRenewal(RETRY_RENEWAL_MS)), inMs);
}
