/** One order in full: what was asked for, what became of it, its fills, and the orders it replaced or became. */
import { Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatDateTime, formatPrice } from '@/shared/format';
import { ErrorState } from '@/shared/ui';
import { useOrder } from '../api/queries';
import type { Order } from '../api/types';
import { orderName, timeInForceWord } from '../api/words';
import { Filled } from './Filled';
import { OrderActions } from './OrderActions';
import { OrderChain } from './OrderChain';
import { OrderFills } from './OrderFills';
import classes from './Orders.module.css';
import { StatusBadge } from './StatusBadge';
import { useIsPhone } from './useIsPhone';

interface OrderDrawerProps {
  /** null: closed. */
  id: string | null;
  onClose: () => void;
  onOpen: (id: string) => void;
}

export function OrderDrawer({ id, onClose, onOpen }: OrderDrawerProps) {
  const isPhone = useIsPhone();
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position={isPhone ? 'bottom' : 'right'}
      size={isPhone ? '90%' : 'md'}
      title="Order"
    >
      {id !== null && <Details key={id} id={id} onOpen={onOpen} />}
    </Drawer>
  );
}

function Details({ id, onOpen }: { id: string; onOpen: (id: string) => void }) {
  const { data: order, error, refetch } = useOrder(id);
  if (!order) return error ? <ErrorState error={error} onRetry={refetch} /> : <Skeleton height={300} />;
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="start">
        <div>
          <Text fw={700} size="lg" tt="capitalize">
            {orderName(order)}
          </Text>
          <StatusBadge order={order} reason={order.reason_message ?? ''} />
        </div>
        <OrderActions order={order} />
      </Group>
      <Facts order={order} />
      <OrderFills order={order} />
      {(order.replaces ?? order.replaced_by) !== null && <OrderChain order={order} onOpen={onOpen} />}
    </Stack>
  );
}

function Facts({ order }: { order: Order }) {
  return (
    <dl className={classes.details}>
      <Fact name="Filled">
        <Filled order={order} />
      </Fact>
      <Fact name="Type">{order.type === 'market' ? 'Market' : `Limit ${formatPrice(order.limit_price)}`}</Fact>
      <Fact name="Average price">{formatPrice(order.filled_avg_price)}</Fact>
      <Fact name="Time in force">{timeInForceWord(order.time_in_force)}</Fact>
      <Fact name="Placed">{formatDateTime(order.created_at)}</Fact>
      {order.expires_at && <Fact name="Ends">{formatDateTime(order.expires_at)}</Fact>}
      <Fact name="Last change">{formatDateTime(order.updated_at)}</Fact>
      <Fact name="Order id">
        <span className={classes.id}>{order.id}</span>
      </Fact>
      {order.client_order_id !== order.id && <Fact name="Your id">{order.client_order_id}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
