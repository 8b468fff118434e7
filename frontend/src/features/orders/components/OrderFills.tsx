/** The trades an order has filled in, oldest first. */
import { Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { formatPrice, formatQuantity, formatTime } from '@/shared/format';
import { ErrorState } from '@/shared/ui';
import { useFills } from '../api/queries';
import type { Fill, Order } from '../api/types';
import classes from './Orders.module.css';

export function OrderFills({ order }: { order: Order }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        Fills
      </Title>
      <Fills order={order} />
    </Stack>
  );
}

function Fills({ order }: { order: Order }) {
  const { data: fills, error, refetch } = useFills(order.id);
  if (!fills) return error ? <ErrorState error={error} onRetry={refetch} /> : <Skeleton height={60} />;
  if (fills.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {order.filled_qty === '0' ? 'Nothing has filled.' : 'All of it filled in the orders this one replaced.'}
      </Text>
    );
  }
  return (
    <Table className={classes.table ?? ''} verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Time</Table.Th>
          <Table.Th className={classes.number}>Shares</Table.Th>
          <Table.Th className={classes.number}>Price</Table.Th>
          <Table.Th className={classes.number}>Left</Table.Th>
          <Table.Th>Role</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {fills.map((fill) => (
          <Row key={fill.trade_id} fill={fill} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ fill }: { fill: Fill }) {
  return (
    <Table.Tr>
      <Table.Td>{formatTime(fill.transaction_time)}</Table.Td>
      <Table.Td className={classes.number}>{formatQuantity(fill.qty)}</Table.Td>
      <Table.Td className={classes.number}>{formatPrice(fill.price)}</Table.Td>
      <Table.Td className={classes.number}>{formatQuantity(fill.leaves_qty)}</Table.Td>
      <Table.Td title={fill.role === 'maker' ? 'It stood in the book' : 'It took what stood in the book'}>
        {fill.role}
      </Table.Td>
    </Table.Tr>
  );
}
