/** The one typed way to the exchange's API: signed in, with a time limit, refusals as ApiError. */
import createClient from 'openapi-fetch';
import { errorOf, unreachable } from './errors';
import type { paths } from './schema';
import { getAccessToken, renewAccessToken } from './session';

export { ApiError, isPassing, sentenceOf } from './errors';

const TIME_LIMIT_MS = 20_000;
const SESSION_REFUSALS = ['unauthenticated', 'session_ended'];

/** Requests by path and method; types come from openapi.json. Use with `unwrap`. */
export const api = createClient<paths>({ fetch: fetchSignedIn });

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws the ApiError that any other answer, or none, stands for. */
export async function unwrap<Data>(request: Promise<Answer<Data>>): Promise<Exclude<Data, undefined>> {
  const { data, error, response } = await request;
  if (!response.ok) throw errorOf(response, error);
  return data as Exclude<Data, undefined>;
}

async function fetchSignedIn(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await getAccessToken();
  const response = await send(request, token);
  if (!token || !(await isOfSession(response))) return response;
  const renewed = await renewAccessToken(token);
  return renewed ? send(again, renewed) : response;
}

/** Whether the token was refused; a wrong password, say, is answered by 401 too and says nothing about the session. */
async function isOfSession(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response.clone().json().catch(() => undefined);
  return SESSION_REFUSALS.includes(errorOf(response, body).name);
}

async function send(request: Request, token: string | undefined): Promise<Response> {
  const headers = new Headers(request.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  try {
    return await fetch(new Request(request, { headers, signal: timeLimited(request.signal) }));
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw unreachable();
  }
}

function timeLimited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
}
