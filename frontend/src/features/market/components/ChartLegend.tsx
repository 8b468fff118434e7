/** The numbers of the candle that is pointed at, otherwise of the newest one. */
import { formatPrice, formatQuantity } from '@/shared/format';
import { Change } from '@/shared/ui';
import type { Candle, Interval } from '../api/candles';
import { candleTime } from '../api/candleTime';
import classes from './ChartPanel.module.css';

export function ChartLegend({ candle, interval }: { candle: Candle | undefined; interval: Interval }) {
  if (!candle) return null;
  const { open, high, low, close, volume } = candle;
  const numbers = [
    ['O', formatPrice(open)],
    ['H', formatPrice(high)],
    ['L', formatPrice(low)],
    ['C', formatPrice(close)],
    ['Vol', formatQuantity(volume)],
  ];
  return (
    <dl className={classes.legend}>
      <div>
        <dt>{candleTime(candle.time, interval.spanS)}</dt>
      </div>
      {numbers.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{name === 'C' ? <Change value={close - open}>{value}</Change> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
