/** An account's worth over a period that can be chosen. */
import { Group, SegmentedControl, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { formatMoney } from '@/shared/format';
import { EmptyState, ErrorState, Panel } from '@/shared/ui';
import { gainOf, PERIODS, PERIOD_WORDS, type Gain, type Period } from '../api/history';
import { useHistory } from '../api/queries';
import classes from './Portfolio.module.css';
import { Earned, EarnedRatio } from './Earned';

const EquityCanvas = lazy(() => import('./EquityCanvas'));

interface Props {
  /** The worth at the newest prices in 1/10000 dollar, where the line ends. */
  equity: bigint | undefined;
  openedAt: string | undefined;
}

export function EquityPanel({ equity, openedAt }: Props) {
  const [period, setPeriod] = useState<Period>('1D');
  const { data: history, error, refetch } = useHistory(period, openedAt);
  const gain = history && equity !== undefined ? gainOf(history, equity) : undefined;
  return (
    <Panel title="Equity over time" className={classes.beside} actions={<PeriodChoice period={period} onChoose={setPeriod} />}>
      <Group gap="xs" className={classes.gain}>
        <Earned amount={gain?.amount} />
        <EarnedRatio ratio={gain?.ratio} />
        <span>{PERIOD_WORDS[period]}</span>
      </Group>
      <div className={classes.chart}>
        {error && !history ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {history?.timestamp.length === 0 ? <EmptyState title="No history yet">It begins with the first cash or shares.</EmptyState> : null}
        {history?.timestamp.length && gain && equity !== undefined ? (
          <Suspense fallback={<Skeleton h="100%" />}>
            <EquityCanvas history={history} equity={equity} label={inWords(equity, gain, period)} />
          </Suspense>
        ) : null}
        {!error && !gain ? <Skeleton h="100%" /> : null}
      </div>
    </Panel>
  );
}

function PeriodChoice({ period, onChoose }: { period: Period; onChoose: (period: Period) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Period"
      data={[...PERIODS]}
      value={period}
      onChange={(chosen) => onChoose(chosen as Period)}
    />
  );
}

function inWords(equity: bigint, { amount }: Gain, period: Period): string {
  const direction = amount < 0n ? 'lost' : 'gained';
  return `Equity ${formatMoney(equity)}; ${direction} ${formatMoney(amount < 0n ? -amount : amount)} ${PERIOD_WORDS[period]}`;
}
