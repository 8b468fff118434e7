/** The order once more, before it is sent: Enter sends it, Escape goes back. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { formatPrice } from '@/shared/format';
import { isFar } from '../api/estimate';
import { orderWords, TIME } from '../api/words';
import type { TicketParts } from './TicketForm';
import { TicketSums } from './TicketSums';

export function TicketReview(parts: TicketParts) {
  const { ticket, rules, lastPrice } = parts;
  const { draft, placing } = ticket;
  return (
    <Stack
      gap="sm"
      role="group"
      aria-label="Review the order"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        ticket.backToWriting();
      }}
    >
      <div>
        <Text size="xs" c="dimmed">
          Please check
        </Text>
        {isFar(draft, lastPrice) && (
          <Text size="sm" fw={500} role="alert">
            This limit is far {draft.side === 'buy' ? 'above' : 'below'} the last price, {formatPrice(lastPrice)}.
          </Text>
        )}
        <Text size="lg" fw={700}>
          {orderWords(rules.symbol, draft)}
        </Text>
        <Text size="sm">
          {TIME[draft.timeInForce].label}. {TIME[draft.timeInForce].meaning}
        </Text>
      </div>
      <TicketSums {...parts} />
      <Group grow>
        <Button variant="default" disabled={placing.isSending} onClick={ticket.backToWriting}>
          Back
        </Button>
        <Button
          data-autofocus
          autoFocus
          color={draft.side === 'buy' ? 'var(--up-fill)' : 'var(--down-fill)'}
          loading={placing.isSending}
          disabled={placing.isUnknown}
          onClick={() => ticket.submit()}
        >
          Send order
        </Button>
      </Group>
    </Stack>
  );
}
