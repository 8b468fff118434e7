/** What a refused or failed request is to the page: a code, a name from the exchange's closed list, and a sentence. */

interface ApiErrorParts {
  status: number;
  code: number;
  name: string;
  message: string;
  retryAfterS?: number;
  fields?: readonly FieldProblem[];
}

/** What is wrong with one field of a request. */
export interface FieldProblem {
  field: string;
  problem: string;
}

/** A request that was refused (`status` 4xx), failed (5xx), or never arrived (`status` 0, name `unreachable`). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  override readonly name: string;
  readonly retryAfterS: number | undefined;
  readonly fields: readonly FieldProblem[];

  constructor(parts: ApiErrorParts) {
    super(parts.message);
    this.status = parts.status;
    this.code = parts.code;
    this.name = parts.name;
    this.retryAfterS = parts.retryAfterS;
    this.fields = parts.fields ?? [];
  }
}

/** Nothing came back: no network, or no exchange at its other end. */
export function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: 0,
    name: 'unreachable',
    message: 'The exchange cannot be reached. Check your connection; the page tries again by itself.',
  });
}

/** The error that an answer stands for, also when its body is not the exchange's (a proxy's page, say). */
export function errorOf(response: Response, body: unknown): ApiError {
  const told = isTold(body) ? body : { code: 0, name: 'unavailable', message: silentSentence(response.status) };
  const retryAfterS = Number(response.headers.get('Retry-After') ?? NaN);
  return new ApiError({
    status: response.status,
    code: told.code,
    name: told.name,
    message: told.message,
    ...(Number.isFinite(retryAfterS) && { retryAfterS }),
    ...('fields' in told && Array.isArray(told.fields) && { fields: told.fields as FieldProblem[] }),
  });
}

/** Whether asking again later may help: the network, the load or a pause, but nothing about the request itself. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 502);
}

/** The sentence to show for whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiError ? error.message : 'Something went wrong in this page. Load it again.';
}

function isTold(body: unknown): body is { code: number; name: string; message: string; fields?: unknown } {
  return typeof body === 'object' && body !== null && 'code' in body && 'name' in body && 'message' in body;
}

function silentSentence(status: number): string {
  return status >= 500
    ? 'The exchange cannot do this at the moment. Try again shortly.'
    : `The exchange refused this without saying why (status ${status}).`;
}
