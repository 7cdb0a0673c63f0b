/** Addresses: path and query name what is shown; the entry's state, what of it. */
import { createStore, useStore } from '../api/store';

const addressStore = createStore(location.pathname + location.search);

const update = () => addressStore.set(location.pathname + location.search);
/** The user came by back or forward. */
let isReturn = false;
window.addEventListener('popstate', () => {
  isReturn = true;
  update();
});
history.scrollRestoration = 'manual';

export function navigate(to: string, { replace = false } = {}) {
  isReturn = false;
  if (replace) history.replaceState(history.state, '', to);
  else history.pushState(null, '', to);
  update();
}

export const cameBack = () => isReturn;
export const refreshAddress = update;

/** What this entry of the history shows. It lives as long as the entry, over reloads too. */
export const entryState = <T>(): T | null => history.state as T | null;
export const keepEntryState = (state: unknown) => history.replaceState(state, '');

export function useAddress() {
  const address = useStore(addressStore);
  const url = new URL(address, location.origin);
  return { address, path: url.pathname.replace(/(.)\/+$/, '$1'), query: url.searchParams };
}
