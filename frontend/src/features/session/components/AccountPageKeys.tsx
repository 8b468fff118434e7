/** The account's API keys: what programs trade with. */
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { formatDateTime } from '@/shared/format';
import { EmptyState, ErrorState, Panel } from '@/shared/ui';
import { useApiKeys, useRevokeApiKey, type ApiKey } from '../api/account';
import classes from './AccountPage.module.css';
import { AccountPageConfirm } from './AccountPageConfirm';
import { AccountPageCopy } from './AccountPageCopy';
import { AccountPageNewKey } from './AccountPageNewKey';

export function AccountPageKeys() {
  const [toRevoke, setToRevoke] = useState<ApiKey>();
  const revoking = useRevokeApiKey();

  function close() {
    setToRevoke(undefined);
    revoking.reset();
  }

  return (
    <Panel title="API keys" actions={<AccountPageNewKey />}>
      <Text size="sm" c="dimmed" mb="sm">
        Bots trade for this account with a key and its secret. Give each its own, so that you can revoke one alone.
      </Text>
      <KeyList onRevoke={setToRevoke} />
      <AccountPageConfirm
        opened={toRevoke !== undefined}
        title={`Revoke ${toRevoke ? nameOf(toRevoke) : 'key'}?`}
        consequence="Whatever uses this key is refused from now on. A revoked key never comes back; its open orders stay open."
        action="Revoke key"
        isBusy={revoking.isPending}
        error={revoking.error}
        onConfirm={() => toRevoke && revoking.mutate(toRevoke.key_id, { onSuccess: close })}
        onClose={close}
      />
    </Panel>
  );
}

function KeyList({ onRevoke }: { onRevoke: (key: ApiKey) => void }) {
  const keys = useApiKeys();
  if (keys.isPending) return <Stack gap="xs">{[1, 2].map((row) => <Skeleton key={row} h={44} />)}</Stack>;
  if (keys.isError && !keys.data) return <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />;
  if (keys.data.length === 0) {
    return <EmptyState title="No API keys yet">Create one to trade from a program with the same account.</EmptyState>;
  }
  return (
    <ul className={classes.keys} aria-label="API keys">
      {keys.data.map((key) => (
        <li key={key.key_id}>
          <div className={classes.keyName}>
            <Text fw={500} size="sm" truncate>{nameOf(key)}</Text>
            <Text size="xs" c="dimmed">Created {formatDateTime(key.created_at)}</Text>
          </div>
          <Group gap={4} wrap="nowrap">
            <Text ff="monospace" size="xs">{key.key_id}</Text>
            <AccountPageCopy text={key.key_id} what={`key id of ${nameOf(key)}`} />
          </Group>
          <Button variant="default" size="xs" aria-label={`Revoke ${nameOf(key)}`} onClick={() => onRevoke(key)}>Revoke</Button>
        </li>
      ))}
    </ul>
  );
}

function nameOf({ label, key_id }: ApiKey): string {
  return label || key_id;
}
