/** Every trade as it happens, newest first. */
import { Skeleton } from '@mantine/core';
import { memo } from 'react';
import { formatPrice, formatQuantity, formatTime } from '@/shared/format';
import { useMarket, type Trade } from '@/shared/live';
import { EmptyState, Panel } from '@/shared/ui';
import { ticksOf, type Tick } from '../api/ticks';
import classes from './TapePanel.module.css';

interface TapePanelProps {
  symbol: string;
  className?: string | undefined;
}

const SHOWN_TRADES = 60;
const ARROWS: Record<Tick, string> = { up: '▲', down: '▼', same: ' ' };
const WORDS: Record<Tick, string> = { up: 'up', down: 'down', same: 'unchanged' };

export function TapePanel({ symbol, className }: TapePanelProps) {
  const { trades, status } = useMarket(symbol);
  return (
    <Panel title="Trades" className={className} padded={false} scrolls>
      {trades.length > 0 ? <Tape trades={trades} /> : <NoTrades status={status} />}
    </Panel>
  );
}

function Tape({ trades }: { trades: readonly Trade[] }) {
  const ticks = ticksOf(trades);
  return (
    <table className={classes.tape}>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Price</th>
          <th scope="col">Shares</th>
        </tr>
      </thead>
      <tbody>
        {trades.slice(0, SHOWN_TRADES).map((trade, index) => (
          <Print key={trade.number} trade={trade} tick={ticks[index] ?? 'same'} />
        ))}
      </tbody>
    </table>
  );
}

const Print = memo(function Print({ trade, tick }: { trade: Trade; tick: Tick }) {
  return (
    <tr>
      <td className={classes.time}>{formatTime(trade.at)}</td>
      <td className={classes[tick]}>
        <span className={classes.arrow} role="img" aria-label={WORDS[tick]}>
          {ARROWS[tick]}
        </span>
        {formatPrice(trade.price)}
      </td>
      <td>{formatQuantity(trade.size)}</td>
    </tr>
  );
});

function NoTrades({ status }: { status: 'loading' | 'ready' | 'error' }) {
  if (status === 'error') return <EmptyState title="The trades could not be loaded">They are asked for again by themselves.</EmptyState>;
  if (status === 'ready') return <EmptyState title="No trade yet">The first one will appear here.</EmptyState>;
  return Array.from({ length: 8 }, (_, index) => <Skeleton key={index} height={14} mx="sm" my={8} w="auto" />);
}
