/** What state an order is in, and in a few words why. */
import { Text } from '@mantine/core';
import type { Order } from '../api/types';
import { isCanceling, statusWord } from '../api/words';
import classes from './Orders.module.css';

export function StatusBadge({ order, reason = '' }: { order: Order; reason?: string }) {
  return (
    <>
      <span className={classes.status} data-status={isCanceling(order) ? 'canceling' : order.status}>
        {statusWord(order)}
      </span>
      {reason && (
        <Text size="xs" c="dimmed" component="div">
          {reason}
        </Text>
      )}
    </>
  );
}
