/** What an account's shares are worth at given prices, in whole 1/10000 dollars all the way. */

import { parseDecimal, ratioOf } from '@/shared/format';

/** The fields of GET /v2/positions that a valuation needs; amounts are decimal strings. */
export interface OwnedShares {
  symbol: string;
  qty: string;
  qty_available: string;
  avg_entry_price: string;
  cost_basis: string;
  current_price: string;
  realized_pl: string;
  price_stale: boolean;
}

/** Amounts in 1/10000 dollar, quantities in whole shares, ratios as plain numbers (0.01 is one percent). */
export interface Holding {
  symbol: string;
  quantity: bigint;
  available: bigint;
  averageCost: bigint;
  costBasis: bigint;
  price: bigint;
  isStale: boolean;
  marketValue: bigint;
  unrealized: bigint;
  unrealizedRatio: number | undefined;
  realized: bigint;
  /** Part of the account's whole worth, cash included. */
  share: number;
}

export interface Valuation {
  holdings: Holding[];
  cash: bigint;
  marketValue: bigint;
  costBasis: bigint;
  equity: bigint;
  unrealized: bigint;
  unrealizedRatio: number | undefined;
  isStale: boolean;
}

/** The newest price of a symbol heard since the positions were fetched, as a decimal string. */
export type NewerPrice = (symbol: string) => string | undefined;

/** Value an account's cash (a decimal string) and positions; those without a newer price keep the one they came with. */
export function valueAccount(cash: string, owned: readonly OwnedShares[], newerPrice: NewerPrice): Valuation {
  const bare = owned.filter(({ qty }) => qty !== '0').map((shares) => valueShares(shares, newerPrice(shares.symbol)));
  const marketValue = sum(bare.map((holding) => holding.marketValue));
  const costBasis = sum(bare.map((holding) => holding.costBasis));
  const equity = parseDecimal(cash) + marketValue;
  const unrealized = marketValue - costBasis;
  return {
    holdings: bare.map((holding) => ({ ...holding, share: ratioOf(holding.marketValue, equity) ?? 0 })),
    cash: parseDecimal(cash),
    marketValue,
    costBasis,
    equity,
    unrealized,
    unrealizedRatio: ratioOf(unrealized, costBasis),
    isStale: bare.some((holding) => holding.isStale),
  };
}

function valueShares(owned: OwnedShares, newer: string | undefined): Omit<Holding, 'share'> {
  const quantity = BigInt(owned.qty);
  const costBasis = parseDecimal(owned.cost_basis);
  const price = parseDecimal(newer ?? owned.current_price);
  const unrealized = quantity * price - costBasis;
  return {
    symbol: owned.symbol,
    quantity,
    available: BigInt(owned.qty_available),
    averageCost: parseDecimal(owned.avg_entry_price),
    costBasis,
    price,
    isStale: newer === undefined && owned.price_stale,
    marketValue: quantity * price,
    unrealized,
    unrealizedRatio: ratioOf(unrealized, costBasis),
    realized: parseDecimal(owned.realized_pl),
  };
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
