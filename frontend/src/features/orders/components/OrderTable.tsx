/** Orders as the rows of a table. */
import { Table, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { formatDateTime, formatPrice } from '@/shared/format';
import { reasonWord, typeWords } from '../api/words';
import type { Order } from '../api/types';
import { Filled } from './Filled';
import { OrderActions } from './OrderActions';
import classes from './Orders.module.css';
import { SideWord } from './SideWord';
import { StatusBadge } from './StatusBadge';

interface OrderTableProps {
  orders: readonly Order[];
  onOpen: (id: string) => void;
}

export function OrderTable({ orders, onOpen }: OrderTableProps) {
  return (
    <Table.ScrollContainer minWidth={860} className={classes.frame ?? ''}>
      <Table highlightOnHover verticalSpacing={6} className={classes.table ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Placed</Table.Th>
            <Table.Th>Symbol</Table.Th>
            <Table.Th>Side</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th className={classes.number}>Filled</Table.Th>
            <Table.Th className={classes.number}>Limit</Table.Th>
            <Table.Th className={classes.number}>Average</Table.Th>
            <Table.Th className={classes.state}>Status</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {orders.map((order) => (
            <Row key={order.id} order={order} onOpen={onOpen} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ order, onOpen }: { order: Order; onOpen: (id: string) => void }) {
  return (
    <Table.Tr>
      <Table.Td>
        <UnstyledButton className={classes.when} onClick={() => onOpen(order.id)} title="Show details">
          {formatDateTime(order.created_at)}
        </UnstyledButton>
      </Table.Td>
      <Table.Td fw={600}>{order.symbol}</Table.Td>
      <Table.Td>
        <SideWord side={order.side} />
      </Table.Td>
      <Table.Td>{typeWords(order)}</Table.Td>
      <Table.Td className={classes.number}>
        <Filled order={order} />
      </Table.Td>
      <Table.Td className={classes.number}>{formatPrice(order.limit_price)}</Table.Td>
      <Table.Td className={classes.number}>{formatPrice(order.filled_avg_price)}</Table.Td>
      <Table.Td className={classes.state}>
        <StatusBadge order={order} reason={reasonWord(order)} />
      </Table.Td>
      <Table.Td>
        <OrderActions order={order} />
      </Table.Td>
    </Table.Tr>
  );
}
