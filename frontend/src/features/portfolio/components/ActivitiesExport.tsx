/** All activities of a kind as a CSV file. */
import { Button, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { sentenceOf } from '@/shared/api';
import { downloadCsv, toCsv } from '@/shared/format';
import { activityRows, type Kind } from '../api/activities';
import { fetchAllActivities } from '../api/queries';

export function ActivitiesExport({ kind }: { kind: Kind }) {
  const exporting = useMutation({
    mutationFn: () => fetchAllActivities(kind),
    onSuccess: (activities) => downloadCsv(fileName(kind), toCsv(activityRows(activities))),
    onError: (error) => notifications.show({ color: 'red', title: 'The file could not be made', message: sentenceOf(error) }),
  });
  return (
    <Tooltip label="All of these as a CSV file" withArrow>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={14} aria-hidden />}
        loading={exporting.isPending}
        onClick={() => exporting.mutate()}
      >
        CSV
      </Button>
    </Tooltip>
  );
}

function fileName(kind: Kind): string {
  return `activity-${kind.toLowerCase()}-${new Date().toISOString().slice(0, 10)}.csv`;
}
