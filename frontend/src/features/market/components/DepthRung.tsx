/** What stands at one price. */
import { memo } from 'react';
import { formatPrice, formatQuantity } from '@/shared/format';
import { fillTicket } from '@/shared/ticket';
import type { Rung } from '../api/ladder';
import classes from './DepthPanel.module.css';

interface DepthRungProps {
  symbol: string;
  side: 'buy' | 'sell';
  rung: Rung;
  /** Whether Tab stops here. */
  isEntry: boolean;
}

/** A press takes what stands here: it fills the ticket with the other side. */
export const DepthRung = memo(function DepthRung({ symbol, side, rung, isEntry }: DepthRungProps) {
  const { price, quantity, orders, total, part } = rung;
  const take = () => fillTicket({ symbol, side: side === 'sell' ? 'buy' : 'sell', price });
  const ofOrders = `in ${orders} ${orders === 1 ? 'order' : 'orders'}`;
  return (
    <li>
      <button type="button" className={classes.rung} data-side={side} tabIndex={isEntry ? 0 : -1} title={ofOrders} onClick={take}>
        <span className={classes.bar} style={{ transform: `scaleX(${part.toFixed(3)})` }} aria-hidden="true" />
        <span className={classes.price}>
          <span className="only-read-aloud">{side === 'sell' ? 'Buy at ' : 'Sell at '}</span>
          {formatPrice(price)}
        </span>
        <span>
          {formatQuantity(quantity)}
          <span className="only-read-aloud"> shares {ofOrders}, together </span>
        </span>
        <span className={classes.total}>{formatQuantity(total)}</span>
      </button>
    </li>
  );
}, isSameRung);

/** The ladder is made anew with every change of the book; most of its rungs say what they said. */
function isSameRung(one: DepthRungProps, other: DepthRungProps): boolean {
  const keys = ['price', 'quantity', 'orders', 'total', 'part'] as const;
  const isSamePlace = one.symbol === other.symbol && one.side === other.side && one.isEntry === other.isEntry;
  return isSamePlace && keys.every((key) => one.rung[key] === other.rung[key]);
}
