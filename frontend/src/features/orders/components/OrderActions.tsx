/** What can be done with an open order: change it, cancel it. */
import { Button, Group, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { sentenceOf } from '@/shared/api';
import { useCancelOrder } from '../api/changes';
import { isOpen, type Order } from '../api/types';
import { isCanceling, orderName, whyNotAmend } from '../api/words';
import { AmendDialog } from './AmendDialog';
import { notify } from './notify';
import { useIsPhone } from './useIsPhone';

export function OrderActions({ order }: { order: Order }) {
  const cancel = useCancelOrder(tellRefused);
  const size = useIsPhone() ? 'xs' : 'compact-xs';
  if (!isOpen(order)) return null;
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <ChangeButton order={order} size={size} />
      <Button
        size={size}
        variant="default"
        fw={500}
        aria-label={`Cancel ${orderName(order)}`}
        disabled={isCanceling(order)}
        onClick={() => cancel.mutate(order)}
      >
        Cancel
      </Button>
    </Group>
  );
}

function ChangeButton({ order, size }: { order: Order; size: string }) {
  const [isOpened, setOpened] = useState(false);
  const reason = whyNotAmend(order);
  return (
    <>
      <Tooltip label={reason} disabled={reason === undefined}>
        <Button
          size={size}
          variant="default"
          fw={500}
          aria-label={`Change ${orderName(order)}`}
          data-disabled={reason !== undefined || undefined}
          aria-disabled={reason !== undefined}
          onClick={() => setOpened(reason === undefined)}
        >
          Change
        </Button>
      </Tooltip>
      {isOpened && <AmendDialog order={order} onClose={() => setOpened(false)} />}
    </>
  );
}

function tellRefused(order: Order, error: unknown): void {
  const title = `Could not cancel: ${orderName(order)}`;
  notify({ tone: 'bad', title, text: sentenceOf(error), orderId: order.id });
}
