/** One symbol at a glance: last price, change, the day's range and volume, and whether trading is halted. */
import { Badge, Skeleton } from '@mantine/core';
import { useAsset } from '@/shared/api';
import { formatChange, formatPercent, formatPrice, formatQuantity, NOTHING } from '@/shared/format';
import { Change, SymbolMark } from '@/shared/ui';
import { moveOf, type Day } from '../api/day';
import { useDay } from '../api/useDay';
import { LastPrice } from './LastPrice';
import classes from './SymbolHeader.module.css';

interface SymbolHeaderProps {
  symbol: string;
  className?: string | undefined;
}

export function SymbolHeader({ symbol, className = '' }: SymbolHeaderProps) {
  const asset = useAsset(symbol);
  const day = useDay(symbol);
  return (
    <header className={`${classes.header} ${className}`}>
      <div className={classes.who}>
        <SymbolMark symbol={symbol} size={36} />
        <div>
          <h1 className={classes.symbol}>
            {symbol}
            {asset?.halted && (
              <Badge c="var(--warning-text)" bg="var(--warning-soft)" size="sm" ml="xs">
                Halted
              </Badge>
            )}
          </h1>
          <p className={classes.name}>{asset?.name ?? ' '}</p>
        </div>
      </div>
      <PriceAndChange symbol={symbol} day={day} />
      <dl className={classes.facts}>
        <Fact name={day?.referenceWords ?? 'Reference'} value={formatPrice(day?.reference)} />
        <Fact name="High" value={formatPrice(day?.high)} />
        <Fact name="Low" value={formatPrice(day?.low)} />
        <Fact name="Volume" value={day ? formatQuantity(day.volume) : NOTHING} />
      </dl>
    </header>
  );
}

function PriceAndChange({ symbol, day }: { symbol: string; day: Day | undefined }) {
  if (!day) return <Skeleton height={40} width={150} />;
  const { change, ratio } = moveOf(day);
  return (
    <div className={classes.price}>
      <LastPrice symbol={symbol} price={day.last} className={classes.last} />
      <Change value={change} arrow className={classes.change}>
        {formatChange(change)} ({formatPercent(ratio)})
      </Change>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
