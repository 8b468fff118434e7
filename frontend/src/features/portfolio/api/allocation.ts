/** How an account's worth is spread: a few large slices, the rest as one, and the cash. */

import { ratioOf } from '@/shared/format';
import type { Valuation } from './valuation';

export interface Slice {
  label: string;
  kind: 'shares' | 'rest' | 'cash';
  amount: bigint;
  share: number;
}

export const MOST_NAMED_SLICES = 7;

/** Largest first, cash last; empty if the account is worth nothing. */
export function allocate({ holdings, cash, equity }: Valuation, mostNamed = MOST_NAMED_SLICES): Slice[] {
  if (equity <= 0n) return [];
  const largestFirst = [...holdings].sort((one, other) => (one.marketValue < other.marketValue ? 1 : -1));
  const named = largestFirst.length <= mostNamed + 1 ? largestFirst : largestFirst.slice(0, mostNamed);
  const rest = largestFirst.slice(named.length);
  const slice = (label: string, kind: Slice['kind'], amount: bigint): Slice => ({
    label,
    kind,
    amount,
    share: ratioOf(amount, equity) ?? 0,
  });
  return [
    ...named.map(({ symbol, marketValue }) => slice(symbol, 'shares', marketValue)),
    slice(`${rest.length} others`, 'rest', rest.reduce((total, { marketValue }) => total + marketValue, 0n)),
    slice('Cash', 'cash', cash),
  ].filter(({ amount }) => amount > 0n);
}
