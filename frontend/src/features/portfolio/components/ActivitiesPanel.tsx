/** What happened to an account: its trades and grants, newest first. */
import { Button, Group, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { useState } from 'react';
import { EmptyState, ErrorState, Panel } from '@/shared/ui';
import { KINDS, movementOf, type Kind } from '../api/activities';
import { useActivities } from '../api/queries';
import { ActivitiesExport } from './ActivitiesExport';
import { ActivitiesList } from './ActivitiesList';

const NOTHING: Record<Kind, string> = {
  All: 'Nothing has happened to this account yet. Trades and grants appear here.',
  Trades: 'Nothing has been bought or sold yet. Place an order on the market page.',
  Grants: 'Nothing has been granted to this account.',
};

export function ActivitiesPanel() {
  const [kind, setKind] = useState<Kind>('All');
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useActivities(kind);
  const movements = data?.pages.flat().map(movementOf);
  const actions = (
    <Group gap="xs" wrap="nowrap">
      <SegmentedControl
        size="xs"
        aria-label="Kind of activity"
        data={[...KINDS]}
        value={kind}
        onChange={(chosen) => setKind(chosen as Kind)}
      />
      <ActivitiesExport kind={kind} />
    </Group>
  );
  return (
    <Panel title="Activity" actions={actions} padded={false}>
      {error && !movements ? <ErrorState error={error} onRetry={refetch} /> : null}
      {!error && !movements ? <Waiting /> : null}
      {movements?.length === 0 ? <EmptyState title="Nothing here">{NOTHING[kind]}</EmptyState> : null}
      {movements?.length ? <ActivitiesList movements={movements} /> : null}
      {hasNextPage ? (
        <Group justify="center" p="sm">
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>Load more</Button>
        </Group>
      ) : null}
    </Panel>
  );
}

function Waiting() {
  return <Stack gap="xs" p="sm" aria-busy="true">{[1, 2, 3, 4].map((row) => <Skeleton key={row} h={26} />)}</Stack>;
}
