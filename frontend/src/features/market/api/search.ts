/** Which instruments a search and a filter leave. */
import type { Move } from './day';

export type Filter = 'all' | 'up' | 'down';

export const FILTERS: { value: Filter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'up', label: 'Up' },
  { value: 'down', label: 'Down' },
];

interface Row {
  asset: { symbol: string; name: string };
  move: Move | undefined;
}

/** Rows whose symbol begins with the words come first, then those that have them in the symbol or the name. */
export function found<R extends Row>(rows: readonly R[], words: string, filter: Filter): R[] {
  const wanted = words.trim().toLowerCase();
  const kept = rows.filter(({ asset, move }) => hasWords(asset, wanted) && goes(move, filter));
  return wanted ? kept.sort((one, other) => rank(one, wanted) - rank(other, wanted)) : kept;
}

function hasWords({ symbol, name }: Row['asset'], wanted: string): boolean {
  return `${symbol} ${name}`.toLowerCase().includes(wanted);
}

function goes(move: Move | undefined, filter: Filter): boolean {
  const ratio = move?.ratio ?? 0;
  return filter === 'all' || (filter === 'up' ? ratio > 0 : ratio < 0);
}

function rank({ asset }: Row, wanted: string): number {
  return asset.symbol.toLowerCase().startsWith(wanted) ? 0 : 1;
}
