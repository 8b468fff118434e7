/** Refusals of the exchange: which field they are shown at, and when an order may have been taken all the same. */
import { describe, expect, it } from 'vitest';
import { ApiError } from '@/shared/api/errors';
import { complaintsOf, fieldOfReason, isRefusal } from './refusals';

const refusal = (parts: Partial<ConstructorParameters<typeof ApiError>[0]>) =>
  new ApiError({ status: 422, code: 42210001, name: 'order_not_allowed', message: 'No.', ...parts });

describe('a refusal', () => {
  it('about money or shares is shown at the quantity', () => {
    const message = "The order can cost 100.00 dollars; the account's buying power is 50.00.";
    const refused = refusal({ status: 403, name: 'insufficient_buying_power', message });
    expect(complaintsOf(refused)).toEqual([{ field: 'quantity', text: message }]);
    expect(fieldOfReason('insufficient_shares')).toBe('quantity');
    expect(fieldOfReason('self_trade')).toBeUndefined();
  });

  it('that names a parameter is shown at its field, in the words of the page', () => {
    const refused = refusal({ message: 'limit_price must be a multiple of the tick of AAPL: 0.05.' });
    expect(complaintsOf(refused)).toEqual([
      { field: 'price', text: 'Limit price must be a multiple of the tick of AAPL: 0.05.' },
    ]);
  });

  it('with several problems is shown at each of their fields', () => {
    const fields = [
      { field: 'qty', problem: 'must be a whole number of shares' },
      { field: 'time_in_force', problem: 'is not known' },
    ];
    expect(complaintsOf(refusal({ name: 'invalid_request', fields }))).toEqual([
      { field: 'quantity', text: 'Quantity must be a whole number of shares.' },
      { field: 'timeInForce', text: 'Time in force is not known.' },
    ]);
  });

  it('about anything else is about the order', () => {
    const message = 'Trading in AAPL is halted. Try again when it resumes.';
    expect(complaintsOf(refusal({ name: 'symbol_halted', message }))).toEqual([{ field: undefined, text: message }]);
  });
});

describe('whether the exchange has taken the order', () => {
  it.each([400, 401, 403, 422, 429])('is known after a %i: no', (status) => {
    expect(isRefusal(refusal({ status }))).toBe(true);
  });

  it.each([0, 408, 500, 502, 503])('is not known after a %i', (status) => {
    expect(isRefusal(refusal({ status }))).toBe(false);
  });

  it('is not known after a failure of the page itself', () => expect(isRefusal(new Error('broken'))).toBe(false));
});
