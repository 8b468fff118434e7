/** The orders of one tab: a table, on phones cards, with older ones on demand. */
import { Button, Group, Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { EmptyState, ErrorState } from '@/shared/ui';
import { withoutRepeats, type Filter } from '../api/paging';
import { useOrders } from '../api/queries';
import { shows, VIEW, type View } from '../api/views';
import { OrderCards } from './OrderCards';
import classes from './Orders.module.css';
import { OrderTable } from './OrderTable';
import { useIsPhone } from './useIsPhone';

interface OrderListProps {
  view: View;
  filter: Filter;
  onOpen: (id: string) => void;
}

export function OrderList({ view, filter, onOpen }: OrderListProps) {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOrders(
    VIEW[view].asks,
    filter,
  );
  const isPhone = useIsPhone();
  const loaded = withoutRepeats(data?.pages.flat() ?? []);
  const orders = loaded.filter((order) => shows(view, order));
  if (isPending) return <Loading />;
  if (!data) return <ErrorState error={error} onRetry={refetch} />;
  const older = hasNextPage && (
    <Group justify="center">
      <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Show older orders
      </Button>
    </Group>
  );
  if (orders.length === 0)
    return <Nothing view={view} isFiltered={Object.keys(filter).length > 0} looked={loaded.length} older={older} />;
  return (
    <Stack gap="md">
      {isPhone ? <OrderCards orders={orders} onOpen={onOpen} /> : <OrderTable orders={orders} onOpen={onOpen} />}
      {older}
    </Stack>
  );
}

function Nothing({
  view,
  isFiltered,
  looked,
  older,
}: {
  view: View;
  isFiltered: boolean;
  looked: number;
  older: ReactNode;
}) {
  const { label, empty } = VIEW[view];
  return (
    <div className={classes.frame}>
      <EmptyState title={view === 'all' ? 'No orders' : `No ${label.toLowerCase()} orders`}>
        {older ? `None among the newest ${looked}.` : isFiltered ? 'No order fits these filters.' : empty}
      </EmptyState>
      {older}
    </div>
  );
}

function Loading() {
  return (
    <Stack gap="xs" role="status" aria-label="Orders are loading" aria-busy>
      {[1, 2, 3, 4, 5].map((row) => (
        <Skeleton key={row} height={44} />
      ))}
    </Stack>
  );
}
