/** Holdings as a table; a click on a column's head sorts by it. */
import { Table, UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import { formatMoney, formatPercent, formatPrice, formatQuantity } from '@/shared/format';
import { SymbolMark } from '@/shared/ui';
import type { Sorting, SortKey } from '../api/sorting';
import type { Holding } from '../api/valuation';
import { Earned, EarnedRatio } from './Earned';
import classes from './Portfolio.module.css';
import { StaleMark } from './StaleMark';
import { TradeLink } from './TradeLink';

interface Column {
  key: SortKey;
  name: string;
}

const COLUMNS: Column[] = [
  { key: 'symbol', name: 'Symbol' },
  { key: 'quantity', name: 'Shares' },
  { key: 'averageCost', name: 'Average cost' },
  { key: 'price', name: 'Last price' },
  { key: 'marketValue', name: 'Market value' },
  { key: 'unrealized', name: 'Unrealized P/L' },
  { key: 'realized', name: 'Realized P/L' },
];

interface Props {
  holdings: readonly Holding[];
  sorting: Sorting;
  onSort: (key: SortKey) => void;
}

export function HoldingsTable({ holdings, sorting, onSort }: Props) {
  return (
    <Table.ScrollContainer minWidth={900} type="native" tabIndex={0} role="region" aria-label="Table of holdings">
      <Table verticalSpacing={6} horizontalSpacing="sm" highlightOnHover className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map((column) => (
              <Head key={column.key} column={column} sorting={sorting} onSort={onSort} />
            ))}
            <Table.Th><span className="only-read-aloud">Trade</span></Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{holdings.map((holding) => <Row key={holding.symbol} {...holding} />)}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Head({ column: { key, name }, sorting, onSort }: { column: Column } & Omit<Props, 'holdings'>) {
  const direction = sorting.key !== key ? 'none' : sorting.descending ? 'descending' : 'ascending';
  return (
    <Table.Th aria-sort={direction}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(key)}>
        {name}
        <span aria-hidden="true">{direction === 'none' ? '' : direction === 'descending' ? '↓' : '↑'}</span>
      </UnstyledButton>
    </Table.Th>
  );
}

const Row = memo(function Row(holding: Holding) {
  const { symbol, quantity, available } = holding;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <Link to={`/trade/${encodeURIComponent(symbol)}`} className={classes.symbol}>
          <SymbolMark symbol={symbol} size={24} />
          {symbol}
        </Link>
      </Table.Th>
      <Table.Td>
        {formatQuantity(quantity)}
        {available === quantity ? null : <small>{formatQuantity(quantity - available)} held for orders</small>}
      </Table.Td>
      <Table.Td>{formatPrice(holding.averageCost)}</Table.Td>
      <Table.Td>{formatPrice(holding.price)}{holding.isStale ? <StaleMark /> : null}</Table.Td>
      <Table.Td>
        {formatMoney(holding.marketValue)}
        <small>{formatPercent(holding.share, false)} of equity</small>
      </Table.Td>
      <Table.Td>
        <Earned amount={holding.unrealized} />
        <small><EarnedRatio ratio={holding.unrealizedRatio} /></small>
      </Table.Td>
      <Table.Td><Earned amount={holding.realized} /></Table.Td>
      <Table.Td><TradeLink symbol={symbol} /></Table.Td>
    </Table.Tr>
  );
});
