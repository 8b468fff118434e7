/** The frame of the pages in front of the exchange: whoever is in already is sent on. */
import { Anchor, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import { useSession } from '@/shared/api';
import { Mark } from '@/shared/ui';
import classes from './EntryLayout.module.css';

interface EntryLayoutProps {
  title: string;
  children: ReactNode;
  other: { to: string; question: string; answer: string };
}

export function EntryLayout({ title, children, other }: EntryLayoutProps) {
  const { status } = useSession();
  const location = useLocation();
  if (status === 'signed-in') return <Navigate to={cameFrom(location.state)} replace />;
  return (
    <main className={classes.page}>
      <title>{`${title} · Stock Exchange`}</title>
      <div className={classes.brand}>
        <Mark size={40} />
        <Text fw={650} size="xl">
          Stock Exchange
        </Text>
      </div>
      <div className={classes.card}>
        <Title order={1} size="h3" mb="md">
          {title}
        </Title>
        {children}
      </div>
      <Text size="sm" c="dimmed">
        {other.question}{' '}
        <Anchor component={Link} to={other.to} state={location.state} size="sm" underline="always">
          {other.answer}
        </Anchor>
      </Text>
    </main>
  );
}

function cameFrom(state: unknown): string {
  const from = typeof state === 'object' && state !== null && 'from' in state ? state.from : undefined;
  return typeof from === 'string' ? from : '/';
}
