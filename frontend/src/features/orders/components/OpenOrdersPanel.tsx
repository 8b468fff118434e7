/** The open orders of one symbol, or of all, in little room. */
import { Skeleton } from '@mantine/core';
import { formatPrice } from '@/shared/format';
import { EmptyState, ErrorState, Panel } from '@/shared/ui';
import { withoutRepeats } from '../api/paging';
import { useOrders } from '../api/queries';
import { isOpen, type Order } from '../api/types';
import { Filled } from './Filled';
import { OrderActions } from './OrderActions';
import classes from './Orders.module.css';
import { SideWord } from './SideWord';

/** For signed-in people only. */
export function OpenOrdersPanel({ symbol, className }: { symbol?: string; className?: string | undefined }) {
  return (
    <Panel title="Open orders" padded={false} className={className}>
      <OpenOrders {...(symbol && { symbol })} />
    </Panel>
  );
}

function OpenOrders({ symbol }: { symbol?: string }) {
  const { data, error, refetch } = useOrders('open', { ...(symbol && { symbol }) });
  if (!data) return error ? <ErrorState error={error} onRetry={refetch} /> : <Skeleton height={90} radius={0} />;
  const orders = withoutRepeats(data.pages.flat()).filter(isOpen);
  if (orders.length === 0) {
    return (
      <EmptyState title="No open orders">
        {symbol ? `Limit orders in ${symbol} that wait show here.` : 'Limit orders that wait show here.'}
      </EmptyState>
    );
  }
  return (
    <ul className={classes.compact}>
      {orders.map((order) => (
        <OpenOrder key={order.id} order={order} withSymbol={!symbol} />
      ))}
    </ul>
  );
}

function OpenOrder({ order, withSymbol }: { order: Order; withSymbol: boolean }) {
  return (
    <li>
      <span>
        <SideWord side={order.side} /> {withSymbol && `${order.symbol} `}
        {order.limit_price === null ? 'at market' : `at ${formatPrice(order.limit_price)}`}
      </span>
      <Filled order={order} />
      <OrderActions order={order} />
    </li>
  );
}
