/** What an order would cost or bring, and the largest one the account can place; amounts in 1/10000 dollar. */
import { parseDecimal } from '@/shared/format';
import type { Level } from '@/shared/live/book';
import { readPrice, readQuantity, type Rules } from '@/shared/ticket/amounts';
import type { Draft, Side } from './draft';

/** How far from the last price a market order may trade, as the exchange is set up unless its operator changed it. */
const COLLAR_PERCENT = 10n;

/** Prices and sizes standing on the side an order would take from, best first. */
export type Standing = readonly Pick<Level, 'price' | 'quantity'>[];

export interface Market {
  asks: Standing;
  bids: Standing;
  lastPrice: bigint | undefined;
}

export interface Estimate {
  amount: bigint;
  /** What the exchange holds until it has traded; of what it sells, nothing. */
  held: bigint;
  /** Shares that trade at once, as the book stands, and what each of them costs or brings. */
  fills: number;
  price: bigint;
  /** Shares that nobody stands ready to trade: those of a limit order wait for somebody, those of a market order go. */
  rest: number;
}

/** A limit so much worse than the last price is sent only when somebody has looked at what it does. */
const FAR_PERCENT = 5n;

/** undefined while the draft or the market says too little. */
export function estimate(draft: Draft, market: Market): Estimate | undefined {
  const quantity = readQuantity(draft.quantity);
  if (quantity === undefined) return undefined;
  const standing = draft.side === 'buy' ? market.asks : market.bids;
  if (draft.type === 'market') return atMarket(standing, quantity, market.lastPrice);
  const limit = readPrice(draft.price);
  if (limit === undefined) return undefined;
  const { fills, amount } = walk(standing, quantity, (price) => (draft.side === 'buy' ? price <= limit : price >= limit));
  const rest = quantity - fills;
  return {
    amount: amount + BigInt(rest) * limit,
    held: draft.side === 'buy' ? BigInt(quantity) * limit : 0n,
    fills,
    price: fills > 0 ? amount / BigInt(fills) : limit,
    rest,
  };
}

/** Whether a limit goes so far through the book that it would trade at almost any price. */
export function isFar({ side, type, price }: Draft, lastPrice: bigint): boolean {
  const limit = type === 'limit' ? readPrice(price) : undefined;
  if (limit === undefined) return false;
  return side === 'buy' ? limit * 100n > lastPrice * (100n + FAR_PERCENT) : limit * 100n < lastPrice * (100n - FAR_PERCENT);
}

/** What an account can buy with its buying power, on a lot, or sell: all its free shares, odd ones too. Without a limit the last price counts. */
export function largestQuantity(
  draft: Draft,
  rules: Rules,
  lastPrice: bigint,
  funds: { buyingPower: bigint; available: number },
): number {
  if (draft.side === 'sell') return Math.max(funds.available, 0);
  const limit = draft.type === 'limit' ? (readPrice(draft.price) ?? lastPrice) : undefined;
  const held = limit ?? collar(draft.side, lastPrice, rules.tick);
  return onLot(Number(funds.buyingPower / held), rules.lot);
}

/** The worst price a market order may trade at: as much is held until it has. */
export function collar(side: Side, lastPrice: bigint, tick: bigint): bigint {
  const worst =
    side === 'buy'
      ? ((lastPrice * (100n + COLLAR_PERCENT)) / (100n * tick)) * tick
      : ((lastPrice * (100n - COLLAR_PERCENT) + 100n * tick - 1n) / (100n * tick)) * tick;
  return worst < tick ? tick : worst;
}

function atMarket(standing: Standing, quantity: number, lastPrice: bigint | undefined): Estimate | undefined {
  const { fills, amount } = walk(standing, quantity, () => true);
  const rest = quantity - fills;
  if (fills > 0) return { amount, held: 0n, fills, price: amount / BigInt(fills), rest };
  if (lastPrice === undefined) return undefined;
  return { amount: BigInt(quantity) * lastPrice, held: 0n, fills, price: lastPrice, rest };
}

/** How many shares trade at prices that are taken, and what they cost or bring together. */
function walk(standing: Standing, quantity: number, takes: (price: bigint) => boolean): { fills: number; amount: bigint } {
  let left = quantity;
  let amount = 0n;
  for (const level of standing) {
    const price = parseDecimal(level.price);
    if (left === 0 || !takes(price)) break;
    const taken = Math.min(left, level.quantity);
    amount += BigInt(taken) * price;
    left -= taken;
  }
  return { fills: quantity - left, amount };
}

function onLot(quantity: number, lot: number): number {
  return Math.max(Math.floor(quantity / lot) * lot, 0);
}
