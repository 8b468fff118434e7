/** Who is in, the way to the account's page and out, and in demo mode the change to another demo user. */
import { Avatar, Menu, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconLogout, IconUserCog } from '@tabler/icons-react';
import { Link } from 'react-router';
import { sentenceOf, useSession } from '@/shared/api';
import { useDemoUsers } from '../api/demoUsers';

const ICON_PX = 16;

export function AccountMenu() {
  const { accountName, logOut } = useSession();
  if (!accountName) return null;
  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton style={{ borderRadius: '50%' }}>
          <Avatar color="indigo" variant="filled" size={32} tt="uppercase" aria-hidden>
            {accountName.slice(0, 2)}
          </Avatar>
          <VisuallyHidden>Account of {accountName}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Signed in as {accountName}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={ICON_PX} aria-hidden />}>
          Account
        </Menu.Item>
        <DemoSwitch current={accountName} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={ICON_PX} aria-hidden />} onClick={() => void logOut()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function DemoSwitch({ current }: { current: string }) {
  const others = useDemoUsers().filter((name) => name !== current);
  const { demoLogIn } = useSession();
  if (others.length === 0) return null;
  const change = (name: string) =>
    demoLogIn(name).catch((error: unknown) => notifications.show({ color: 'red', message: sentenceOf(error) }));
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Demo: be somebody else</Menu.Label>
      {others.map((name) => (
        <Menu.Item key={name} leftSection={<Avatar name={name} size={18} color="gray" />} onClick={() => void change(name)}>
          {name}
        </Menu.Item>
      ))}
    </>
  );
}
