/** Ending every session of the account, on all devices. */
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Panel } from '@/shared/ui';
import { useLogOutEverywhere } from '../api/account';
import { AccountPageConfirm } from './AccountPageConfirm';

export function AccountPageSessions() {
  const [isAsking, asking] = useDisclosure();
  const ending = useLogOutEverywhere();
  return (
    <Panel title="Sessions">
      <Text size="sm" c="dimmed" mb="sm">
        Lost a device, or logged in somewhere you do not trust? End every session, on all devices. API keys go on working.
      </Text>
      <Button variant="default" onClick={asking.open}>Log out everywhere</Button>
      <AccountPageConfirm
        opened={isAsking}
        title="Log out everywhere?"
        consequence="Every session of this account ends at once, this one included. You will need your password to log in again."
        action="Log out everywhere"
        isBusy={ending.isPending}
        error={ending.error}
        onConfirm={() => ending.mutate()}
        onClose={asking.close}
      />
    </Panel>
  );
}
