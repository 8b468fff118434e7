/** The order of the rows in the table of holdings. */

import type { Holding } from './valuation';

export type SortKey = 'symbol' | 'quantity' | 'averageCost' | 'price' | 'marketValue' | 'unrealized' | 'realized';

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

export const LARGEST_FIRST: Sorting = { key: 'marketValue', descending: true };

/** What a click on a column's head asks for: its other direction, or that column with the most telling end first. */
export function nextSorting(current: Sorting, key: SortKey): Sorting {
  if (current.key === key) return { key, descending: !current.descending };
  return { key, descending: key !== 'symbol' };
}

/** A sorted copy; equal rows stand by symbol, so that live prices never make them swap places for nothing. */
export function sortHoldings(holdings: readonly Holding[], { key, descending }: Sorting): Holding[] {
  const direction = descending ? -1 : 1;
  return [...holdings].sort(
    (one, other) => direction * compare(one[key], other[key]) || compare(one.symbol, other.symbol),
  );
}

function compare(one: string | bigint, other: string | bigint): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
