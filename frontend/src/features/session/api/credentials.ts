/** What can be said about a name and a password before the exchange is asked. */
import { ApiError } from '@/shared/api/errors';

export interface Credentials {
  name: string;
  password: string;
}

const NAME = /^[a-z0-9_-]{3,32}$/;
const SHORTEST_PASSWORD = 10;

/** What is wrong with a new account's name; null if nothing is. */
export function nameProblem(name: string): string | null {
  return NAME.test(name.trim().toLowerCase()) ? null : 'Use 3 to 32 of a–z, 0–9, - and _.';
}

/** What is wrong with a new account's password; null if nothing is. */
export function newPasswordProblem(password: string, name: string): string | null {
  if (password.length < SHORTEST_PASSWORD) return `Use at least ${SHORTEST_PASSWORD} characters.`;
  return password.toLowerCase() === name.trim().toLowerCase() ? 'Choose something other than the name.' : null;
}

/** Which field a refusal is about; undefined when it is about neither alone. */
export function refusedField(error: unknown): keyof Credentials | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.name === 'name_taken') return 'name';
  if (error.name === 'weak_password') return 'password';
  const field = error.fields[0]?.field;
  return field === 'name' || field === 'password' ? field : undefined;
}
