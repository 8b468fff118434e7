/** How much of an order has filled: "4 / 10", and as a bar while it is open. */
import { Progress } from '@mantine/core';
import { formatQuantity } from '@/shared/format';
import { isOpen, type Order } from '../api/types';
import { filledPercent } from '../api/words';
import classes from './Orders.module.css';

export function Filled({ order }: { order: Order }) {
  return (
    <div className={classes.filled}>
      {formatQuantity(order.filled_qty)} / {formatQuantity(order.qty)}
      <Progress
        value={filledPercent(order)}
        size={3}
        aria-hidden
        color={isOpen(order) || order.status === 'filled' ? 'teal' : 'gray'}
        className={classes.bar ?? ''}
      />
    </div>
  );
}
