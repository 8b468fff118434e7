/** Everything around the pages: looks, cache, messages, live connection, addresses. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import { queryClient, useSession } from '@/shared/api';
import { LiveProvider } from '@/shared/live';
import { router } from './routes';
import { theme } from './theme';

export function App() {
  const { accountId } = useSession();
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        {/* The key: nothing that a component remembers of one account is there for the next. */}
        <LiveProvider key={accountId}>
          <Notifications position="bottom-right" limit={4} autoClose={6_000} />
          <RouterProvider router={router} />
        </LiveProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
