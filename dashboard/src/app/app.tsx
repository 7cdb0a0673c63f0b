import { FluentProvider } from '@fluentui/react-provider';
import type { Theme } from '@fluentui/react-theme';
import { webDarkTheme, webLightTheme } from '@fluentui/react-theme';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { isPassing } from '../api/error';
import { ownerOf, userStore } from '../api/session';
import { navigate } from './router';
import { Shell } from './shell';

const RETRIES = 2;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < RETRIES && isPassing(error),
    },
  },
});

/** Another user starts anew: nothing of the former one stays, neither data nor an address with places in lists. */
let owner: string | undefined;
userStore.subscribe(() => {
  const next = ownerOf(userStore.get());
  const isOther = owner !== undefined && next !== owner;
  owner = next;
  if (!isOther) return;
  client.clear();
  navigate('/', { asks: false });
});

/** Sizes of text follow the user's: the library's are in pixels. */
const scaled = (theme: Theme) =>
  Object.fromEntries(
    Object.entries(theme).map(([name, value]) => [
      name,
      /^(fontSize|lineHeight)/.test(name) ? `${parseFloat(String(value)) / 16}rem` : value,
    ]),
  ) as unknown as Theme;
const themes = { light: scaled(webLightTheme), dark: scaled(webDarkTheme) };

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
      <FluentProvider theme={useDark() ? themes.dark : themes.light} className="provider">
        <Shell />
      </FluentProvider>
    </QueryClientProvider>
  );
}
