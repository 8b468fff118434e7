/** Gains and losses: sign, colour, and a dash where nothing is known. */
import { formatGain, formatPercent } from '@/shared/format';
import { Change } from '@/shared/ui';

/** Money in 1/10000 dollar. */
export function Earned({ amount }: { amount: bigint | undefined }) {
  return <Change value={amount}>{formatGain(amount)}</Change>;
}

/** 0.01 is one percent. */
export function EarnedRatio({ ratio }: { ratio: number | undefined }) {
  return <Change value={ratio}>{formatPercent(ratio)}</Change>;
}
