/** A symbol's day, moved on by its live price. */
import { useAsset } from '@/shared/api';
import { usePrice } from '@/shared/live';
import { dayOf, withLast, type Day } from './day';
import { useSnapshots } from './queries';

/** Undefined while it is being fetched. */
export function useDay(symbol: string): Day | undefined {
  const asset = useAsset(symbol);
  const { data: snapshots, dataUpdatedAt } = useSnapshots();
  const quote = usePrice(symbol);
  if (!asset || !snapshots) return undefined;
  return withLast(dayOf(snapshots[symbol], asset.reference_price, dataUpdatedAt), quote?.price);
}
