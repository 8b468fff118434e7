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
  /** Per share. */
  price: bigint;
  /** Shares that nobody stands ready to trade; only known of orders that never wait. */
  missing: number;
}

/** undefined while the draft or the market says too little. */
export function estimate(draft: Draft, market: Market): Estimate | undefined {
  const quantity = readQuantity(draft.quantity);
  if (quantity === undefined) return undefined;
  if (draft.type === 'market')
    return walk(draft.side === 'buy' ? market.asks : market.bids, quantity, market.lastPrice);
  const price = readPrice(draft.price);
  return price === undefined ? undefined : { amount: BigInt(quantity) * price, price, missing: 0 };
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

function walk(standing: Standing, quantity: number, lastPrice: bigint | undefined): Estimate | undefined {
  let left = quantity;
  let amount = 0n;
  for (const level of standing) {
    const taken = Math.min(left, level.quantity);
    amount += BigInt(taken) * parseDecimal(level.price);
    left -= taken;
    if (left === 0) break;
  }
  if (left < quantity) return { amount, price: amount / BigInt(quantity - left), missing: left };
  if (lastPrice === undefined) return undefined;
  return { amount: BigInt(quantity) * lastPrice, price: lastPrice, missing: quantity };
}

function onLot(quantity: number, lot: number): number {
  return Math.max(Math.floor(quantity / lot) * lot, 0);
}
