/** The ticket's choices in words. */
import { formatPrice, formatQuantity } from '@/shared/format';
import { readPrice, readQuantity } from '@/shared/ticket/amounts';
import type { Draft, Side, TimeInForce } from './draft';

export const SIDE: Record<Side, string> = { buy: 'Buy', sell: 'Sell' };

export const TIME: Record<TimeInForce, { label: string; meaning: string }> = {
  day: { label: 'Day', meaning: 'Waits in the book until the trading day ends.' },
  gtc: { label: 'Good till canceled', meaning: 'Waits in the book until it fills or you cancel it.' },
  ioc: { label: 'Immediate or cancel', meaning: 'Fills what it can at once; the rest is canceled.' },
  fok: { label: 'Fill or kill', meaning: 'Fills completely at once, or not at all.' },
};

/** "Buy 10 AAPL at 189.30"; what is not written yet is left out. */
export function orderWords(symbol: string, { side, type, quantity, price }: Draft): string {
  const shares = readQuantity(quantity);
  const limit = readPrice(price);
  const what = [SIDE[side], shares !== undefined && formatQuantity(shares), symbol].filter(Boolean).join(' ');
  if (type === 'market') return `${what} at market`;
  return limit === undefined ? what : `${what} at ${formatPrice(limit)}`;
}
