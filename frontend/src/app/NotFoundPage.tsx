/** For addresses that lead nowhere. */
import { Button, Center } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState } from '@/shared/ui';

export function NotFoundPage() {
  return (
    <Center h="60dvh">
      <title>Not found · Stock Exchange</title>
      <EmptyState title="There is no page at this address">
        <Button component={Link} to="/" variant="light" size="xs" mt="xs">
          To the market
        </Button>
      </EmptyState>
    </Center>
  );
}
