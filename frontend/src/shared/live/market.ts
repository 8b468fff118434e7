/** One symbol's market on the page: a fetched snapshot of depth and tape, kept up with what is heard after it. */
import { applyChange, applyChanges, bookOf, isThin, type Book } from './book';
import type { LiveBook, LiveTrade } from './protocol';
import { hasGap, heardTrade, mergeTape, tradeOf, type Trade } from './tape';

export interface MarketState {
  book: Book | undefined;
  trades: readonly Trade[];
  status: 'loading' | 'ready' | 'error';
}

/** Where snapshots come from: the exchange's API, or a test. */
export interface MarketSource {
  depth: (symbol: string, levels: number) => Promise<Parameters<typeof bookOf>[0]>;
  tape: (symbol: string) => Promise<readonly Parameters<typeof tradeOf>[0][]>;
}

export const FETCHED_LEVELS = 100;
export const SHOWN_LEVELS = 25;
const MOST_WAITING = 500;
const AGAIN_MS = 400;
const AFTER_FAILURE_MS = 5_000;

export const NO_MARKET: MarketState = { book: undefined, trades: [], status: 'loading' };

export class Market {
  private state: MarketState = NO_MARKET;
  private waiting: LiveBook[] = [];
  private fetching = false;
  private askedAgain = false;
  private isDoubtful = false;
  private isClosed = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly symbol: string,
    private readonly source: MarketSource,
  ) {}

  readonly getState = (): MarketState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Hear that levels changed; what does not follow the snapshot waits for the next one. */
  hearBook(change: LiveBook): void {
    const book = this.state.book && applyChange(this.state.book, change);
    if (this.fetching || !book) this.waiting = [...this.waiting, change].slice(-MOST_WAITING);
    if (book) this.enter({ book });
    if (!this.fetching && (!book || isThin(book, SHOWN_LEVELS))) this.fetch();
  }

  /** Hear trades; when some were left out on the way the tape is fetched again. */
  hearTrades(trades: readonly LiveTrade[], missed: number): void {
    const tape = mergeTape(this.state.trades, trades.map(heardTrade));
    if (tape !== this.state.trades) this.enter({ trades: tape });
    if (missed > 0 || hasGap(tape)) this.fetch();
  }

  /** Fetch anew and believe it, even if it is older: the connection was away, and with it perhaps the exchange. */
  startOver(): void {
    this.isDoubtful = true;
    this.waiting = [];
    this.fetch();
  }

  /** Fetch depth and tape, once at a time; asked for meanwhile, once more afterwards. */
  fetch(): void {
    if (this.fetching) {
      this.askedAgain = true;
      return;
    }
    this.fetching = true;
    this.askedAgain = false;
    void this.fetchOnce().then((outcome) => {
      this.fetching = false;
      if (outcome === 'enough' && !this.askedAgain) return;
      setTimeout(() => this.isClosed || this.fetch(), outcome === 'failed' ? AFTER_FAILURE_MS : AGAIN_MS);
    });
  }

  /** Nobody looks any more. */
  close(): void {
    this.isClosed = true;
  }

  private async fetchOnce(): Promise<'enough' | 'behind' | 'failed'> {
    try {
      const [depth, tape] = await Promise.all([this.source.depth(this.symbol, FETCHED_LEVELS), this.source.tape(this.symbol)]);
      return this.takeIn(bookOf(depth, FETCHED_LEVELS), tape.map(tradeOf)) ? 'enough' : 'behind';
    } catch {
      if (!this.state.book) this.enter({ status: 'error' });
      return 'failed';
    }
  }

  /** Whether nothing is missing between what was fetched and what is heard. */
  private takeIn(fetched: Book, tape: readonly Trade[]): boolean {
    const { book: known, trades: heard } = this.isDoubtful ? NO_MARKET : this.state;
    this.isDoubtful = false;
    const { book, missing } = applyChanges(known && known.sequence > fetched.sequence ? known : fetched, this.waiting);
    if (!missing) this.waiting = [];
    // A fetched tape has no holes: what was heard before it can go, what was heard after it stays.
    const newest = tape[0]?.number ?? 0;
    const trades = mergeTape(tape, heard.filter(({ number }) => number > newest));
    this.enter({ book, trades, status: 'ready' });
    return !missing;
  }

  private enter(change: Partial<MarketState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
