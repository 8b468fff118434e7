/** What stands at one price. */
import { VisuallyHidden } from '@mantine/core';
import { formatPrice, formatQuantity } from '@/shared/format';
import type { Rung } from '../api/ladder';
import classes from './DepthPanel.module.css';

interface DepthRungProps {
  side: 'buy' | 'sell';
  rung: Rung;
  /** Whether Tab stops here. */
  isEntry: boolean;
  onTake: () => void;
}

export function DepthRung({ side, rung, isEntry, onTake }: DepthRungProps) {
  const { price, quantity, orders, total, part } = rung;
  const ofOrders = `in ${orders} ${orders === 1 ? 'order' : 'orders'}`;
  return (
    <li>
      <button type="button" className={classes.rung} data-side={side} tabIndex={isEntry ? 0 : -1} title={ofOrders} onClick={onTake}>
        <span className={classes.bar} style={{ transform: `scaleX(${part.toFixed(3)})` }} aria-hidden="true" />
        <span className={classes.price}>
          <VisuallyHidden>{side === 'sell' ? 'Buy at ' : 'Sell at '}</VisuallyHidden>
          {formatPrice(price)}
        </span>
        <span>
          {formatQuantity(quantity)}
          <VisuallyHidden> shares {ofOrders}, together </VisuallyHidden>
        </span>
        <span className={classes.total}>{formatQuantity(total)}</span>
      </button>
    </li>
  );
}
