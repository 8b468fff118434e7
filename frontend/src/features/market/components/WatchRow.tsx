/** One instrument in the list. */
import { memo } from 'react';
import { Link } from 'react-router';
import type { Asset } from '@/shared/api';
import { formatPercent } from '@/shared/format';
import { Change, SymbolMark } from '@/shared/ui';
import { moveOf, type Day } from '../api/day';
import { useSparklines } from '../api/queries';
import { LastPrice } from './LastPrice';
import { Sparkline } from './Sparkline';
import classes from './WatchList.module.css';

const SHOWN_STEPS = 10_000;

interface WatchRowProps {
  asset: Asset;
  day: Day | undefined;
  isOpen: boolean;
}

export const WatchRow = memo(function WatchRow({ asset, day, isOpen }: WatchRowProps) {
  const { symbol, name, halted } = asset;
  const closes = useSparklines().data?.[symbol];
  const ratio = day && moveOf(day).ratio;
  const way = Math.round((ratio ?? 0) * SHOWN_STEPS); // what is shown as 0.00% has no colour
  return (
    <Link to={`/trade/${symbol}`} className={classes.row} aria-current={isOpen ? 'page' : undefined}>
      <SymbolMark symbol={symbol} />
      <span className={classes.names}>
        <span className={classes.symbol}>{symbol}</span>
        <span className={classes.name}>{halted ? 'Trading halted' : name}</span>
      </span>
      <Sparkline closes={closes} last={day?.last} isUp={way >= 0} />
      <span className={classes.numbers}>
        <LastPrice symbol={symbol} price={day?.last} className={classes.symbol} />
        <Change value={way} className={classes.change}>
          {formatPercent(ratio)}
        </Change>
      </span>
    </Link>
  );
}, isSameRow);

function isSameRow(one: WatchRowProps, other: WatchRowProps): boolean {
  const isSameDay = one.day?.last === other.day?.last && one.day?.reference === other.day?.reference;
  return one.asset === other.asset && one.isOpen === other.isOpen && isSameDay;
}
