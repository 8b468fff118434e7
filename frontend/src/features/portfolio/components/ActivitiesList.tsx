/** Activities as a table, or two lines each on phones. */
import { Table } from '@mantine/core';
import { formatGain, formatPrice, formatQuantity, NOTHING } from '@/shared/format';
import { momentText, type Movement } from '../api/activities';
import classes from './Portfolio.module.css';
import { usePhone } from './usePhone';

export function ActivitiesList({ movements }: { movements: readonly Movement[] }) {
  return usePhone() ? <Lines movements={movements} /> : <Rows movements={movements} />;
}

function Rows({ movements }: { movements: readonly Movement[] }) {
  return (
    <Table verticalSpacing={6} horizontalSpacing="sm" className={`${classes.table} ${classes.activities}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Time</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th>Shares</Table.Th>
          <Table.Th>Price</Table.Th>
          <Table.Th>Cash</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {movements.map((movement) => (
          <Table.Tr key={movement.id}>
            <Table.Td>{momentText(movement.at)}</Table.Td>
            <Table.Td><What {...movement} /></Table.Td>
            <Table.Td>{sharesText(movement)}</Table.Td>
            <Table.Td>{formatPrice(movement.price)}</Table.Td>
            <Table.Td>{cashText(movement)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Lines({ movements }: { movements: readonly Movement[] }) {
  return (
    <ul className={`${classes.cards} ${classes.movements}`} aria-label="Activity">
      {movements.map((movement) => (
        <li key={movement.id}>
          <What {...movement} />
          <span>{cashText(movement)}</span>
          <small>{momentText(movement.at)}</small>
          <small>{movement.shares === undefined ? '' : `${sharesText(movement)} at ${formatPrice(movement.price)}`}</small>
        </li>
      ))}
    </ul>
  );
}

function What({ what, symbol }: Movement) {
  return <span>{what}{symbol ? <strong> {symbol}</strong> : null}</span>;
}

function sharesText({ shares }: Movement): string {
  return `${shares !== undefined && shares > 0n ? '+' : ''}${formatQuantity(shares)}`;
}

function cashText({ cash }: Movement): string {
  return cash === 0n ? NOTHING : formatGain(cash);
}
