/** Saves all orders that fit the tab and its filters as a CSV file, those not loaded yet too. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { sentenceOf } from '@/shared/api';
import { downloadCsv, toCsv } from '@/shared/format';
import { orderRows } from '../api/csv';
import type { Filter } from '../api/paging';
import { fetchAll } from '../api/queries';
import { shows, VIEW, type View } from '../api/views';
import { notify } from './notify';

export function ExportButton({ view, filter }: { view: View; filter: Filter }) {
  const save = useMutation({
    mutationFn: () => fetchAll(VIEW[view].asks, filter),
    onSuccess: (orders) => {
      const rows = orderRows(orders.filter((order) => shows(view, order)));
      downloadCsv(`orders-${view}.csv`, toCsv(rows));
      notify({
        tone: 'good',
        title: 'Saved',
        text: `${rows.length - 1} orders are in orders-${view}.csv.`,
      });
    },
    onError: (error) => notify({ tone: 'bad', title: 'Could not export', text: sentenceOf(error) }),
  });
  return (
    <Button size="xs" variant="default" loading={save.isPending} onClick={() => save.mutate()}>
      Export CSV
    </Button>
  );
}
