/** Which field of an order a refusal is about, and how it is said there. */
import { ApiError, sentenceOf } from '../api/errors';

export type Field = 'quantity' | 'price' | 'timeInForce';

export interface Complaint {
  /** undefined: about the order as a whole. */
  field: Field | undefined;
  text: string;
}

const FIELD_OF_NAME: Record<string, Field> = {
  insufficient_buying_power: 'quantity',
  insufficient_shares: 'quantity',
};

const FIELD_OF_PARAMETER: Record<string, Field> = {
  qty: 'quantity',
  limit_price: 'price',
  time_in_force: 'timeInForce',
};

const WORDS: Record<string, string> = { qty: 'Quantity', limit_price: 'Limit price', time_in_force: 'Time in force' };

/** One complaint per field the refusal names, else one about the order. */
export function complaintsOf(error: unknown): Complaint[] {
  if (!(error instanceof ApiError)) return [{ field: undefined, text: sentenceOf(error) }];
  const told = error.fields.filter(({ field }) => field in FIELD_OF_PARAMETER);
  if (told.length > 0) {
    return told.map(({ field, problem }) => ({
      field: FIELD_OF_PARAMETER[field],
      text: inWords(`${field} ${problem}`),
    }));
  }
  const [parameter = ''] = error.message.split(/[ :]/, 1);
  return [{ field: FIELD_OF_NAME[error.name] ?? FIELD_OF_PARAMETER[parameter], text: inWords(error.message) }];
}

/** The field that an order's reason of rejection is about. */
export function fieldOfReason(reason: string | null): Field | undefined {
  return FIELD_OF_NAME[reason ?? ''];
}

/**
 * Whether the exchange has surely not taken the order: it was refused. After anything else (no answer, a 5xx)
 * it may have been, so the same order is asked for again under the same name and never a second one.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 408;
}

function inWords(sentence: string): string {
  const worded = sentence.replaceAll(
    /\b(qty|limit_price|time_in_force)\b:?/g,
    (name) => WORDS[name.replace(':', '')] ?? name,
  );
  return worded.endsWith('.') ? worded : `${worded}.`;
}
