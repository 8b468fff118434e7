/** Who is signed in, and since when the account is there. */
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSession } from '@/shared/api';
import { formatDateTime } from '@/shared/format';
import { Panel } from '@/shared/ui';
import { useMe } from '../api/account';
import { AccountPageCopy } from './AccountPageCopy';

export function AccountPageProfile() {
  const { accountName, accountId } = useSession();
  const me = useMe();
  return (
    <Panel title="Profile">
      <dl style={{ margin: 0 }}>
        <Fact name="Name">{accountName}</Fact>
        <Fact name="Account id">
          <Text span ff="monospace" size="xs" style={{ overflowWrap: 'anywhere' }}>{accountId}</Text>
          <AccountPageCopy text={accountId ?? ''} what="account id" />
        </Fact>
        <Fact name="Member since">{formatDateTime(me.data?.created_at)}</Fact>
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Group component="div" gap="sm" wrap="nowrap" mih={34}>
      <Text component="dt" size="sm" c="dimmed" w={110} style={{ flexShrink: 0 }}>{name}</Text>
      <Group component="dd" gap={4} m={0} wrap="nowrap" fz="sm" fw={500}>{children}</Group>
    </Group>
  );
}
