/** A search finds symbols and names, symbols first. */
import { describe, expect, it } from 'vitest';
import { found } from './search';

const row = (symbol: string, name: string, ratio: number) => ({ asset: { symbol, name }, move: { change: '0', ratio } });
const rows = [row('AAPL', 'Apple Inc.', 0.1), row('MSFT', 'Microsoft, like an ap', -0.1), row('APP', 'AppLovin', 0)];
const symbols = (some: typeof rows) => some.map(({ asset }) => asset.symbol);

describe('search', () => {
  it('shows all without words', () => {
    expect(symbols(found(rows, ' ', 'all'))).toEqual(['AAPL', 'MSFT', 'APP']);
  });

  it('shows symbols that begin so before names that have it inside', () => {
    expect(symbols(found(rows, 'ap', 'all'))).toEqual(['APP', 'AAPL', 'MSFT']);
  });

  it('filters by direction', () => {
    expect(symbols(found(rows, '', 'up'))).toEqual(['AAPL']);
    expect(symbols(found(rows, '', 'down'))).toEqual(['MSFT']);
    expect(symbols(found(rows, 'zzz', 'all'))).toEqual([]);
  });
});
