/** Every instrument with its price, its change and its last two hours; searched and filtered here, opened by a press. */
import { SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useAssets } from '@/shared/api';
import { usePrices } from '@/shared/live';
import { EmptyState, ErrorState, Panel } from '@/shared/ui';
import { dayOf, moveOf, withLast } from '../api/day';
import { FILTERS, found, type Filter } from '../api/search';
import { useSnapshots } from '../api/queries';
import classes from './WatchList.module.css';
import { WatchRow } from './WatchRow';

interface WatchListProps {
  /** The symbol that is open. */
  symbol?: string | undefined;
  className?: string | undefined;
}

export function WatchList({ symbol, className }: WatchListProps) {
  const [words, setWords] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  return (
    <Panel title="Market" className={className} padded={false}>
      <div className={classes.tools}>
        <SearchField words={words} onChange={setWords} />
        <SegmentedControl
          aria-label="Which symbols"
          size="xs"
          fullWidth
          data={FILTERS}
          value={filter}
          onChange={(chosen) => setFilter(chosen as Filter)}
        />
      </div>
      <Rows symbol={symbol} words={words} filter={filter} />
    </Panel>
  );
}

/** Apart from the fields above it, for it is shown anew with every trade of any symbol. */
function Rows({ symbol, words, filter }: { symbol: string | undefined; words: string; filter: Filter }) {
  const { rows, error, refetch } = useRows();
  const shown = rows && found(rows, words, filter);
  return (
    <>
      {error && !rows ? <ErrorState error={error} onRetry={refetch} /> : null}
      {!shown && !error ? <RowSkeletons /> : null}
      {shown?.length === 0 ? <EmptyState title="No such symbol">Search for less, or show all.</EmptyState> : null}
      <nav aria-label="Instruments">
        {shown?.map(({ asset, day }) => <WatchRow key={asset.symbol} asset={asset} day={day} isOpen={asset.symbol === symbol} />)}
      </nav>
    </>
  );
}

function SearchField({ words, onChange }: { words: string; onChange: (words: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => field.current?.focus()]]);
  return (
    <TextInput
      ref={field}
      type="search"
      size="xs"
      aria-label="Search symbols"
      placeholder="Search symbols"
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={<kbd className={classes.key}>/</kbd>}
      value={words}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function useRows() {
  const { data: assets, error, refetch } = useAssets();
  const { data: snapshots, dataUpdatedAt } = useSnapshots();
  const prices = usePrices(assets?.map((asset) => asset.symbol));
  const rows = assets?.map((asset) => {
    const { symbol, reference_price } = asset;
    const day = snapshots && withLast(dayOf(snapshots[symbol], reference_price, dataUpdatedAt), prices.get(symbol)?.price);
    return { asset, day, move: day && moveOf(day) };
  });
  return { rows, error, refetch };
}

function RowSkeletons() {
  return Array.from({ length: 8 }, (_, index) => <Skeleton key={index} height={36} mx="sm" my={8} w="auto" />);
}
