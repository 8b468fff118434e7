/** A symbol's candles and volume, moving with every trade. */
import { SegmentedControl, Skeleton, useComputedColorScheme } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { EmptyState, ErrorState, Panel } from '@/shared/ui';
import { INTERVALS, type Interval } from '../api/candles';
import { useCandles, useIsYoung } from '../api/queries';
import classes from './ChartPanel.module.css';

interface ChartPanelProps {
  symbol: string;
  className?: string | undefined;
}

const [SHORTEST, USUAL] = INTERVALS as readonly [Interval, Interval];

const CandleChart = lazy(() => import('./CandleChart'));

export function ChartPanel({ symbol, className }: ChartPanelProps) {
  const [chosen, choose] = useLocalStorage({ key: 'stock-exchange.interval', defaultValue: '', getInitialValueInEffect: false });
  const isYoung = useIsYoung(symbol);
  const usual = isYoung.data ? SHORTEST : USUAL;
  const interval = INTERVALS.find(({ name }) => name === chosen) ?? (isYoung.isPending ? undefined : usual);
  const choice = (
    <SegmentedControl
      aria-label="Time of one candle"
      size="xs"
      data={INTERVALS.map((each) => each.name)}
      value={interval?.name ?? ''}
      onChange={choose}
    />
  );
  return (
    <Panel title="Chart" actions={choice} className={className} padded={false}>
      <div className={classes.frame}>
        {interval ? <Candles key={`${symbol} ${interval.name}`} symbol={symbol} interval={interval} /> : <Skeleton height="100%" radius={0} />}
      </div>
    </Panel>
  );
}

function Candles({ symbol, interval }: { symbol: string; interval: Interval }) {
  const { data, error, refetch } = useCandles(symbol, interval);
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  if (!data) return error ? <ErrorState error={error} onRetry={refetch} /> : <Skeleton height="100%" radius={0} />;
  return (
    <Suspense fallback={<Skeleton height="100%" radius={0} />}>
      <CandleChart symbol={symbol} interval={interval} fetched={data} scheme={scheme} />
      {data.candles.length === 0 && (
        <div className={classes.empty}>
          <EmptyState title="No trade yet">The chart begins with the first one.</EmptyState>
        </div>
      )}
    </Suspense>
  );
}
