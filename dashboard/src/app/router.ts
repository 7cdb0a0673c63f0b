/** Addresses: path and query name what is shown; the entry's state, what of it. */
import { createStore, useStore } from '../api/store';

const here = () => location.pathname + location.search;
const addressStore = createStore(here());

const update = () => addressStore.set(here());
/** The user came by back or forward. */
let isReturn = false;
/** Asks whether the page may be left. */
type Guard = () => boolean;
let guard: Guard | undefined;

/** Until it is released, a guard is asked before another address is shown. What only replaces the address is no leaving. */
export function guardLeaving(asked: Guard) {
  guard = asked;
  return () => {
    if (guard === asked) guard = undefined;
  };
}

window.addEventListener('popstate', () => {
  // A place in the same page is no other address.
  if (guard && here() !== addressStore.get() && !guard()) {
    // The browser has left already.
    history.pushState(null, '', addressStore.get());
    return;
  }
  isReturn = true;
  update();
});
history.scrollRestoration = 'manual';

export function navigate(to: string, { replace = false, asks = true } = {}) {
  if (asks && !replace && guard && !guard()) return;
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
