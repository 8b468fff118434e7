/** Which symbol was looked at last, so that the market opens where it was left. */

const KEY = 'stock-exchange.symbol';

export function rememberSymbol(symbol: string): void {
  localStorage.setItem(KEY, symbol);
}

/** The symbol looked at last if it is still listed, otherwise the first one; undefined when there is none. */
export function symbolToOpen(listed: readonly { symbol: string }[]): string | undefined {
  const last = localStorage.getItem(KEY);
  return listed.find(({ symbol }) => symbol === last)?.symbol ?? listed[0]?.symbol;
}
