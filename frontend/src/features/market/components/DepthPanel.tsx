/** The order book as a ladder, asks above bids; a press on a price fills the ticket with it. */
import { Skeleton } from '@mantine/core';
import { useRef, type KeyboardEvent } from 'react';
import { formatPercent, formatPrice } from '@/shared/format';
import { useMarket } from '@/shared/live';
import { EmptyState, Panel } from '@/shared/ui';
import { ladderOf, type Ladder } from '../api/ladder';
import classes from './DepthPanel.module.css';
import { DepthRung } from './DepthRung';

interface DepthPanelProps {
  symbol: string;
  className?: string | undefined;
}

const RUNGS = 20;

export function DepthPanel({ symbol, className }: DepthPanelProps) {
  const { book, status } = useMarket(symbol);
  return (
    <Panel title="Order book" className={className} padded={false}>
      {book ? <Ladders symbol={symbol} ladder={ladderOf(book, RUNGS)} /> : <NoBook hasFailed={status === 'error'} />}
    </Panel>
  );
}

function Ladders({ symbol, ladder }: { symbol: string; ladder: Ladder }) {
  const { bids, asks, spread, spreadRatio } = ladder;
  const frame = useRef<HTMLDivElement>(null);
  if (bids.length + asks.length === 0) {
    return <EmptyState title="Nobody is waiting to trade">Place a limit order, and it will stand here.</EmptyState>;
  }
  return (
    <div ref={frame} className={classes.ladder} onKeyDown={(event) => moveFocus(event, frame.current)}>
      <div className={classes.head} aria-hidden="true">
        <span>Price</span>
        <span>Shares</span>
        <span>Total</span>
      </div>
      <ul className={classes.asks} aria-label="Asks, best first">
        {asks.map((rung, index) => (
          <DepthRung key={rung.price} symbol={symbol} side="sell" rung={rung} isEntry={index === 0} />
        ))}
      </ul>
      <div className={classes.spread}>
        <span>Spread</span>
        <span>{formatPrice(spread)}</span>
        <span>{formatPercent(spreadRatio, false)}</span>
      </div>
      <ul className={classes.bids} aria-label="Bids, best first">
        {bids.map((rung, index) => (
          <DepthRung key={rung.price} symbol={symbol} side="buy" rung={rung} isEntry={index === 0} />
        ))}
      </ul>
    </div>
  );
}

function NoBook({ hasFailed }: { hasFailed: boolean }) {
  if (hasFailed) return <EmptyState title="The order book could not be loaded">It is asked for again by itself.</EmptyState>;
  return Array.from({ length: 12 }, (_, index) => <Skeleton key={index} height={14} mx="sm" my={8} w="auto" />);
}

/** One stop for Tab, arrows from price to price as they stand on the page. */
function moveFocus(event: KeyboardEvent, frame: HTMLDivElement | null): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
  if (step === 0 || !frame) return;
  const right = frame.getBoundingClientRect().right;
  const rungs = [...frame.querySelectorAll('button')].filter((rung) => rung.getBoundingClientRect().left < right);
  rungs.sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top);
  const next = rungs[rungs.indexOf(event.target as HTMLButtonElement) + step];
  event.preventDefault();
  next?.focus();
}
