/** The shares an account owns: a table that can be sorted, or cards where a table does not fit. */
import { Anchor, Skeleton, Stack } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { EmptyState, Panel } from '@/shared/ui';
import { LARGEST_FIRST, nextSorting, sortHoldings } from '../api/sorting';
import type { Valuation } from '../api/valuation';
import { HoldingsCards } from './HoldingsCards';
import { HoldingsTable } from './HoldingsTable';
import { usePhone } from './usePhone';

/** Without a valuation, the place of one. */
export function HoldingsPanel({ valuation }: { valuation: Valuation | undefined }) {
  const [sorting, setSorting] = useState(LARGEST_FIRST);
  const isPhone = usePhone();
  const holdings = sortHoldings(valuation?.holdings ?? [], sorting);
  return (
    <Panel title="Holdings" padded={false}>
      {!valuation ? <Waiting /> : null}
      {valuation && holdings.length === 0 ? <Nothing /> : null}
      {holdings.length > 0 && isPhone ? <HoldingsCards holdings={holdings} /> : null}
      {holdings.length > 0 && !isPhone ? (
        <HoldingsTable holdings={holdings} sorting={sorting} onSort={(key) => setSorting(nextSorting(sorting, key))} />
      ) : null}
    </Panel>
  );
}

function Nothing() {
  return (
    <EmptyState title="No shares yet">
      What you buy appears here, with what it is worth. <Anchor component={Link} to="/" inherit>Go to the market</Anchor>
    </EmptyState>
  );
}

function Waiting() {
  return (
    <Stack gap="xs" p="sm" aria-busy="true">
      {[1, 2, 3, 4, 5, 6].map((row) => <Skeleton key={row} h={30} />)}
    </Stack>
  );
}
