/** The history of an order that was changed: each change is an order of its own, oldest first. */
import { Button, Group, Skeleton, Stack, Text, Timeline, Title } from '@mantine/core';
import { formatDateTime, formatPrice, formatQuantity } from '@/shared/format';
import { ErrorState } from '@/shared/ui';
import { useChain } from '../api/queries';
import type { Order } from '../api/types';
import { statusWord } from '../api/words';

interface OrderChainProps {
  order: Order;
  onOpen: (id: string) => void;
}

export function OrderChain({ order, onOpen }: OrderChainProps) {
  const { data: chain, error, refetch } = useChain(order.id);
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        Changes
      </Title>
      {error && !chain ? <ErrorState error={error} onRetry={refetch} /> : null}
      {!chain && !error ? <Skeleton height={80} /> : null}
      {chain && (
        <Timeline bulletSize={14} active={chain.findIndex(({ id }) => id === order.id)}>
          {chain.map((each) => (
            <Timeline.Item key={each.id} title={<Step order={each} isShown={each.id === order.id} onOpen={onOpen} />}>
              <Text size="xs" c="dimmed">
                {formatDateTime(each.created_at)} · {statusWord(each)}
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Stack>
  );
}

function Step({ order, isShown, onOpen }: { order: Order; isShown: boolean; onOpen: (id: string) => void }) {
  return (
    <Group gap="xs">
      <Text size="sm" fw={isShown ? 700 : 400}>
        {formatQuantity(order.qty)} at {formatPrice(order.limit_price)}
      </Text>
      {!isShown && (
        <Button size="compact-xs" variant="subtle" onClick={() => onOpen(order.id)}>
          Show
        </Button>
      )}
    </Group>
  );
}
