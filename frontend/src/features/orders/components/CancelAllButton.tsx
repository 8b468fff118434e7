/** Cancels every open order of the account, after asking once more. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { sentenceOf } from '@/shared/api';
import { useCancelAll } from '../api/changes';
import { useOrders } from '../api/queries';
import { notify } from './notify';

export function CancelAllButton() {
  const [isAsking, setAsking] = useState(false);
  const { data, hasNextPage } = useOrders('open', {});
  const count = data?.pages.flat().length ?? 0;
  const many = `${count}${hasNextPage ? '+' : ''}`;
  return (
    <>
      <Button size="xs" variant="default" disabled={count === 0} onClick={() => setAsking(true)}>
        Cancel all
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title="Cancel all open orders?" centered>
        <Question many={many} onDone={() => setAsking(false)} />
      </Modal>
    </>
  );
}

function Question({ many, onDone }: { many: string; onDone: () => void }) {
  const cancelAll = useCancelAll();
  const { error, isPending, mutate } = cancelAll;
  return (
    <Stack>
      <Text size="sm">
        This cancels {many === '1' ? 'your open order' : `your ${many} open orders`}, in every symbol. What has filled
        stays yours.
      </Text>
      {error && <Alert color="red">{sentenceOf(error)}</Alert>}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onDone}>
          Keep them
        </Button>
        <Button
          color="var(--down-fill)"
          loading={isPending}
          onClick={() => mutate(undefined, { onSuccess: (asked) => done(asked.length, onDone) })}
        >
          Cancel all
        </Button>
      </Group>
    </Stack>
  );
}

function done(count: number, close: () => void): void {
  notify({
    tone: 'plain',
    title: 'Canceling',
    text: `${count} ${count === 1 ? 'order is' : 'orders are'} being canceled.`,
  });
  close();
}
