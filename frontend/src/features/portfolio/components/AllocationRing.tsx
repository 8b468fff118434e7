/** How an account's worth is spread, as a ring and as a list that says the same in words. */

import { useId } from 'react';
import { formatMoney, formatPercent } from '@/shared/format';
import type { Slice } from '../api/allocation';
import classes from './Allocation.module.css';

const RADIUS = 42;
const LENGTH = 2 * Math.PI * RADIUS;
const GAP = 1;

/** Slices in the order given, clockwise from the top. */
export function AllocationRing({ slices }: { slices: readonly Slice[] }) {
  const titleId = useId();
  const starts = slices.map((_, index) => slices.slice(0, index).reduce((sum, { share }) => sum + share, 0));
  return (
    <div className={classes.allocation}>
      <svg viewBox="0 0 100 100" className={classes.ring} role="img" aria-labelledby={titleId}>
        <title id={titleId}>{`Allocation: ${slices.map(inWords).join(', ')}`}</title>
        {slices.map((slice, index) => (
          <circle
            key={slice.label}
            data-slice={toneOf(slice, index)}
            r={RADIUS}
            cx="50"
            cy="50"
            strokeDasharray={`${Math.max(slice.share * LENGTH - GAP, 0.2)} ${LENGTH}`}
            strokeDashoffset={-(starts[index] ?? 0) * LENGTH}
          />
        ))}
      </svg>
      <ul className={classes.list}>
        {slices.map((slice, index) => (
          <li key={slice.label} data-slice={toneOf(slice, index)}>
            <span className={classes.label}>{slice.label}</span>
            <span className={classes.share}>{formatPercent(slice.share, false)}</span>
            <span className={classes.amount}>{formatMoney(slice.amount)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function inWords({ label, share }: Slice): string {
  return `${label} ${formatPercent(share, false)}`;
}

/** Shares take colours in turn; cash and the rest always look the same. */
function toneOf({ kind }: Slice, index: number): string {
  return kind === 'shares' ? String(index + 1) : kind;
}
