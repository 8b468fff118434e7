/** What the signed-in account owns at the newest prices, moving with them. */
import { useMemo } from 'react';
import { parseDecimal } from '@/shared/format';
import { usePrices } from '@/shared/live';
import { gainOf, type Gain } from './history';
import { useHistory, useOwned, usePortfolioInStep } from './queries';
import { valueAccount, type OwnedShares, type Valuation } from './valuation';

/** Prices move many times a second; a table that people read should not. */
const PRICE_PAUSE_MS = 500;
const NONE: readonly OwnedShares[] = [];

/** Amounts in 1/10000 dollar. */
export interface Portfolio {
  valuation: Valuation;
  buyingPower: bigint;
  held: bigint;
  realized: bigint;
  openedAt: string;
  /** Undefined while the day's history is not there. */
  pastDay: Gain | undefined;
}

export function usePortfolio(): { portfolio: Portfolio | undefined; error: unknown; refetch: () => void } {
  usePortfolioInStep();
  const { data: owned, error, refetch } = useOwned();
  const { data: day } = useHistory('1D', owned?.account.created_at);
  const prices = useCalmPrices(owned?.positions ?? NONE);
  const portfolio = useMemo(() => {
    if (!owned) return undefined;
    const { account, positions } = owned;
    const valuation = valueAccount(account.cash, positions, (symbol) => prices.get(symbol)?.price);
    return {
      valuation,
      buyingPower: parseDecimal(account.buying_power),
      held: parseDecimal(account.cash_held),
      realized: parseDecimal(account.realized_pl),
      openedAt: account.created_at,
      pastDay: day && gainOf(day, valuation.equity),
    };
  }, [owned, day, prices]);
  return { portfolio, error, refetch: () => void refetch() };
}

function useCalmPrices(positions: readonly OwnedShares[]) {
  const symbols = useMemo(() => positions.map(({ symbol }) => symbol), [positions]);
  return usePrices(symbols, PRICE_PAUSE_MS);
}
