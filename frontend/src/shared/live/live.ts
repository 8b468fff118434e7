/** Everything live on the page in one place: what is wanted, what was heard, how fresh it is, and polling when it is not. */
import { Connection } from './connection';
import { Pulse, type Health } from './health';
import { Market, type MarketSource } from './market';
import { PriceStore } from './prices';
import type { LiveUpdate, OrderEvent } from './protocol';
import { Wanted } from './wanted';

export interface LiveSource extends MarketSource {
  /** Resolves when the exchange answers. */
  reach: () => Promise<unknown>;
  prices: (symbols: readonly string[]) => Promise<Iterable<readonly [string, { price: string; number: number; at: string }]>>;
}

/** What others on the page do with what is heard. */
export interface Subscribers {
  orderEvents: Set<(events: readonly OrderEvent[]) => void>;
  portfolioChanged: Set<() => void>;
  resync: Set<(what: readonly string[]) => void>;
  halts: Set<(halts: Readonly<Record<string, boolean>>) => void>;
  listed: Set<(symbols: readonly string[]) => void>;
  poll: Set<() => void>;
}

/** A resync of everything, as after a reconnect. */
export const EVERYTHING: readonly string[] = ['orders', 'portfolio', 'prices'];

/** The exchange takes no more; further ones are polled with the snapshots. */
const MOST_PRICES = 200;
const POLL_MS = 5_000;
const TICK_MS = 1_000;
const LOOK_AGAIN_MS = 2_000;

export class Live {
  readonly prices = new PriceStore();
  readonly subscribers: Subscribers = {
    orderEvents: new Set(),
    portfolioChanged: new Set(),
    resync: new Set(),
    halts: new Set(),
    listed: new Set(),
    poll: new Set(),
  };
  private readonly markets = new Map<string, Market>();
  private readonly wantedPrices = new Wanted(() => this.connection.subscriptionChanged());
  private readonly wantedMarkets = new Wanted((symbol, isWanted) => this.marketWanted(symbol, isWanted));
  private readonly connection: Connection;
  private readonly healthListeners = new Set<() => void>();
  private health: Health = { state: 'connecting', ageMs: undefined };
  private pulse = new Pulse(Date.now());
  private polledAtMs = 0;
  private clock: ReturnType<typeof setInterval> | undefined;
  private pricesSoon: ReturnType<typeof setTimeout> | undefined;
  private lookingAgain: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly source: LiveSource) {
    this.connection = new Connection(() => ({ prices: this.wantedPrices.symbols().slice(0, MOST_PRICES), markets: this.wantedMarkets.symbols() }), {
      subscribed: () => this.startOver(),
      widened: () => this.fetchNew(),
      updated: (update) => this.hear(update),
      connectionChanged: () => this.connectionChanged(),
    });
  }

  open(): void {
    this.pulse = new Pulse(Date.now());
    this.clock = setInterval(() => this.tick(), TICK_MS);
    this.connection.open();
  }

  close(): void {
    clearInterval(this.clock);
    clearTimeout(this.lookingAgain);
    this.connection.close();
  }

  readonly getHealth = (): Health => this.health;

  readonly subscribeHealth = (listener: () => void): (() => void) => {
    this.healthListeners.add(listener);
    return () => this.healthListeners.delete(listener);
  };

  /** Hear a symbol's price until the returned function is called. */
  wantPrice(symbol: string): () => void {
    const release = this.wantedPrices.want(symbol);
    if (!this.connection.isConnected()) this.fetchPricesSoon();
    return release;
  }

  /** Hear a symbol's depth and tape until the returned function is called. */
  wantMarket(symbol: string): () => void {
    return this.wantedMarkets.want(symbol);
  }

  /** The market of a symbol that is wanted. */
  market(symbol: string): Market | undefined {
    return this.markets.get(symbol);
  }

  private marketWanted(symbol: string, isWanted: boolean): void {
    this.connection.subscriptionChanged();
    if (!isWanted) {
      this.markets.get(symbol)?.close();
      this.markets.delete(symbol);
      return;
    }
    const market = new Market(symbol, this.source);
    this.markets.set(symbol, market);
    if (!this.connection.isConnected()) market.fetch();
  }

  private hear(update: LiveUpdate): void {
    const { subscribers } = this;
    this.pulse.heard(update.bus_connected, Date.now());
    if (update.prices) this.prices.hear(Object.entries(update.prices));
    for (const [symbol, book] of Object.entries(update.books ?? {})) this.markets.get(symbol)?.hearBook(book);
    for (const [symbol, { trades, missed }] of Object.entries(update.trades ?? {})) {
      this.markets.get(symbol)?.hearTrades(trades, missed);
    }
    if (update.orders?.length) for (const hear of subscribers.orderEvents) hear(update.orders);
    if (update.portfolio_changed) for (const hear of subscribers.portfolioChanged) hear();
    if (update.halts) for (const hear of subscribers.halts) hear(update.halts);
    if (update.listed?.length) for (const hear of subscribers.listed) hear(update.listed);
    if (update.resync?.length) this.resync(update.resync);
    this.tick();
  }

  private startOver(): void {
    for (const market of this.markets.values()) market.startOver();
    this.fetchPrices();
    for (const hear of this.subscribers.resync) hear(EVERYTHING);
    this.lookAgain();
  }

  private fetchNew(): void {
    for (const market of this.markets.values()) if (market.getState().status !== 'ready') market.fetch();
    this.fetchPrices(this.wantedPrices.symbols().filter((symbol) => !this.prices.get(symbol)));
    this.lookAgain();
  }

  /** The API's picture follows the market by a moment: what came just before the subscription may not be in it yet. */
  private lookAgain(): void {
    clearTimeout(this.lookingAgain);
    this.lookingAgain = setTimeout(() => {
      for (const market of this.markets.values()) market.fetch();
      this.fetchPrices();
      for (const hear of this.subscribers.resync) hear(EVERYTHING);
    }, LOOK_AGAIN_MS);
  }

  private resync(what: readonly string[]): void {
    for (const symbol of what) this.markets.get(symbol)?.startOver();
    this.fetchPrices();
    for (const hear of this.subscribers.resync) hear(what);
  }

  private fetchPricesSoon(): void {
    clearTimeout(this.pricesSoon);
    this.pricesSoon = setTimeout(() => this.fetchPrices(), 0);
  }

  private fetchPrices(symbols: readonly string[] = this.wantedPrices.symbols()): void {
    if (symbols.length === 0) return;
    // A failure needs no words here: the badge tells how old the page is, and the next poll asks again.
    void this.source.prices(symbols).then((found) => this.prices.hear(found), () => undefined);
  }

  private connectionChanged(): void {
    this.pulse.connectionIs(this.connection.isConnected(), Date.now());
    this.tick();
  }

  private tick(): void {
    const nowMs = Date.now();
    const health = this.pulse.health(nowMs);
    if (health.state === 'offline' && !document.hidden && nowMs - this.polledAtMs >= POLL_MS) this.poll(nowMs);
    if (health.state === this.health.state && health.ageMs === this.health.ageMs) return;
    this.health = health;
    for (const listener of this.healthListeners) listener();
  }

  private poll(nowMs: number): void {
    this.polledAtMs = nowMs;
    void this.source.reach().then(() => this.pulse.answered(Date.now()), () => undefined);
    for (const market of this.markets.values()) market.fetch();
    this.fetchPrices();
    for (const hear of this.subscribers.poll) hear();
  }
}
