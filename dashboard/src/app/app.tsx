import { FluentProvider } from '@fluentui/react-provider';
import { webDarkTheme, webLightTheme } from '@fluentui/react-theme';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiError } from '../api/error';
import { Shell } from './shell';

const RETRIES = 2;

/** What was refused stays refused; what had no answer, or went wrong over there, may pass. */
const isPassing = (error: unknown) => error instanceof ApiError && error.status >= 500;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < RETRIES && isPassing(error),
    },
  },
});

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function useDark() {
  return useSyncExternalStore(
    (listener) => {
      dark.addEventListener('change', listener);
      return () => dark.removeEventListener('change', listener);
    },
    () => dark.matches,
  );
}

export function App() {
  return (
    <QueryClientProvider client={client}>
      <FluentProvider theme={useDark() ? webDarkTheme : webLightTheme} className="provider">
        <Shell />
      </FluentProvider>
    </QueryClientProvider>
  );
}
