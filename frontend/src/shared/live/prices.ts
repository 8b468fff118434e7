/** The last price of every symbol that somebody on the page looks at. */

export interface Quote {
  price: string;
  /** The different price before it, to show which way it went. */
  previous: string | undefined;
  at: string;
  number: number;
}

type Listener = () => void;

export class PriceStore {
  private quotes: ReadonlyMap<string, Quote> = new Map();
  private readonly listeners = new Set<Listener>();

  /** All prices known; another object after each change. */
  readonly getAll = (): ReadonlyMap<string, Quote> => this.quotes;

  get(symbol: string): Quote | undefined {
    return this.quotes.get(symbol);
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Take in trades, one a symbol; one that is not newer than what is known changes nothing. */
  hear(trades: Iterable<readonly [symbol: string, trade: { price: string; number: number; at: string }]>): void {
    const quotes = new Map(this.quotes);
    let isNews = false;
    for (const [symbol, { price, number, at }] of trades) {
      const known = quotes.get(symbol);
      if (known && known.number >= number && known.at >= at) continue; // a lower number later: another exchange's count
      const previous = known && known.price !== price ? known.price : known?.previous;
      quotes.set(symbol, { price, previous, at, number });
      isNews = true;
    }
    if (!isNews) return;
    this.quotes = quotes;
    for (const listener of this.listeners) listener();
  }
}
