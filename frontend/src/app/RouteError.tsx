/** When a page breaks, or the parts of it are gone because a newer one has been set up. */
import { Button, Center } from '@mantine/core';
import { EmptyState } from '@/shared/ui';

export function RouteError() {
  return (
    <Center h="60dvh" role="alert">
      <EmptyState title="This page stopped working">
        What you placed with the exchange is safe. Load the page again to go on.
        <br />
        <Button variant="light" size="xs" mt="sm" onClick={() => window.location.reload()}>
          Load again
        </Button>
      </EmptyState>
    </Center>
  );
}
