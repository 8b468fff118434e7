/** The live picture of the exchange. */
export type { Book, Level } from './book';
export type { Health, LiveState } from './health';
export { useLive, useMarket, useOrderEvents, usePortfolioChanged, usePrice, usePrices, useResync } from './hooks';
export { LiveProvider } from './LiveProvider';
export type { MarketState } from './market';
export type { Quote } from './prices';
export type { OrderEvent, OrderEventName } from './protocol';
export type { Trade } from './tape';
