/** Orders as cards, for narrow pages. */
import { Group, Text, UnstyledButton } from '@mantine/core';
import { formatDateTime, formatPrice } from '@/shared/format';
import { reasonWord, typeWords } from '../api/words';
import type { Order } from '../api/types';
import { Filled } from './Filled';
import { OrderActions } from './OrderActions';
import classes from './Orders.module.css';
import { SideWord } from './SideWord';
import { StatusBadge } from './StatusBadge';

interface OrderCardsProps {
  orders: readonly Order[];
  onOpen: (id: string) => void;
}

export function OrderCards({ orders, onOpen }: OrderCardsProps) {
  return (
    <ul className={classes.cards}>
      {orders.map((order) => (
        <Card key={order.id} order={order} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function Card({ order, onOpen }: { order: Order; onOpen: (id: string) => void }) {
  return (
    <li className={classes.card}>
      <Group justify="space-between" wrap="nowrap">
        <UnstyledButton className={classes.link} onClick={() => onOpen(order.id)}>
          <SideWord side={order.side} /> {order.symbol}
        </UnstyledButton>
        <StatusBadge order={order} />
      </Group>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          {typeWords(order)}
          {order.limit_price !== null && ` · ${formatPrice(order.limit_price)}`}
        </Text>
        <Filled order={order} />
      </Group>
      <Text size="xs" c="dimmed">
        {formatDateTime(order.created_at)}
        {order.filled_avg_price !== null && ` · ${formatPrice(order.filled_avg_price)} on average`}
        {order.reason !== null && ` · ${reasonWord(order)}`}
      </Text>
      <OrderActions order={order} />
    </li>
  );
}
