/** The page's cache of answers: passing failures are asked again, refusals are not. */
import { QueryClient } from '@tanstack/react-query';
import { isPassing } from './errors';

const MOST_RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < MOST_RETRIES && isPassing(error),
      networkMode: 'always', // the exchange may run on this very machine: being without internet says nothing
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
