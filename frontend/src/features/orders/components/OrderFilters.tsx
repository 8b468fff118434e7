/** Which orders to look at: symbol, side, and days, both included. */
import { Button, NativeSelect, Select, TextInput } from '@mantine/core';
import { useAssets } from '@/shared/api/assets';
import type { Filter } from '../api/paging';
import classes from './Orders.module.css';
import type { OrdersAddress } from './useOrdersAddress';

const SIDES = [
  { value: '', label: 'Both sides' },
  { value: 'buy', label: 'Buy' },
  { value: 'sell', label: 'Sell' },
];
const NOTHING_CHOSEN = { symbol: null, side: null, from: null, to: null };

export function OrderFilters({ filter, onChange }: { filter: Filter; onChange: OrdersAddress['go'] }) {
  const { data: assets = [] } = useAssets();
  return (
    <div role="search" aria-label="Filter orders" className={classes.filters}>
      <Select
        label="Symbol"
        placeholder="All symbols"
        searchable
        clearable
        data={assets.map(({ symbol }) => symbol)}
        value={filter.symbol ?? null}
        onChange={(symbol) => onChange({ symbol })}
        nothingFoundMessage="No such symbol"
      />
      <NativeSelect
        label="Side"
        data={SIDES}
        value={filter.side ?? ''}
        onChange={(event) => onChange({ side: event.currentTarget.value })}
      />
      <DayField label="From" day={filter.from} onChange={(from) => onChange({ from })} />
      <DayField label="To" day={filter.to} onChange={(to) => onChange({ to })} />
      {Object.keys(filter).length > 0 && (
        <Button variant="subtle" onClick={() => onChange(NOTHING_CHOSEN)}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

function DayField(props: { label: string; day: string | undefined; onChange: (day: string) => void }) {
  const { label, day, onChange } = props;
  return (
    <TextInput type="date" label={label} value={day ?? ''} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}
