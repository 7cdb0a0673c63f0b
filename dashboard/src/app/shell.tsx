/** What is around every page: side bar, who is signed in, and what hinders the work. */
import { Button } from '@fluentui/react-button';
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-dialog';
import { MessageBar, MessageBarBody } from '@fluentui/react-message-bar';
import type { ReactNode } from 'react';
import { Component, lazy, Suspense, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { throttledUntilStore } from '../api/client';
import { ownerOf, signedOutStore, signInAgain, signOut, userStore } from '../api/session';
import { useStore } from '../api/store';
import { follow } from '../components/link';
import { Empty, Failure, Loading } from '../components/states';
import { CustomersPage } from '../features/customers/page';
import type { MessageKey } from './messages';
import { t } from './messages';
import { cameBack, useAddress } from './router';

const loadHome = () => import('../features/home/page');
const loadCustomer = () => import('../features/customer/page');
const loadActivity = () => import('../features/activity/page');
const loadResellers = () => import('../features/resellers/page');
const loadSettings = () => import('../features/settings/page');
const LATER = [loadHome, loadCustomer, loadActivity, loadResellers, loadSettings, () => import('../features/customers/add')];
/** So long after the first page the others are fetched, so that they are there when the service is not. */
const LATER_MS = 2000;

const HomePage = lazy(loadHome);
const CustomerPage = lazy(loadCustomer);
const ActivityPage = lazy(loadActivity);
const ResellersPage = lazy(loadResellers);
const SettingsPage = lazy(loadSettings);

const narrow = window.matchMedia('(max-width: 40rem)');

interface Place {
  readonly path: string;
  readonly title: MessageKey;
}

const PLACES: readonly Place[] = [
  { path: '/', title: 'home.title' },
  { path: '/customers', title: 'customers.title' },
  { path: '/activity', title: 'activity.title' },
  { path: '/resellers', title: 'resellers.title' },
  { path: '/settings', title: 'settings.title' },
];

function Page() {
  const { path, query } = useAddress();
  const id = /^\/customers\/([^/]+)$/.exec(path)?.[1];
  if (id) return <CustomerPage key={id} id={id} />;
  if (path === '/') return <HomePage />;
  if (path === '/customers') return <CustomersPage parameters={query} />;
  if (path === '/activity') return <ActivityPage parameters={query} />;
  if (path === '/resellers') return <ResellersPage />;
  if (path === '/settings') return <SettingsPage parameters={query} />;
  return <Empty title={t('state.noPage')} />;
}

/** A mistake of ours in one page leaves the others alone. */
class Boundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};
  static getDerivedStateFromError = (error: unknown) => ({ error });
  override render() {
    return 'error' in this.state ? <Failure error={this.state.error} onRetry={() => location.reload()} /> : this.props.children;
  }
}

function useOnline() {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('online', listener);
      window.addEventListener('offline', listener);
      return () => {
        window.removeEventListener('online', listener);
        window.removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
}

/** Seconds until the service may be asked again. */
function useThrottled() {
  const until = useStore(throttledUntilStore);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!until) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until ? Math.max(1, Math.ceil((until - now) / 1000)) : 0;
}

function Hindrances() {
  const online = useOnline();
  const throttled = useThrottled();
  return (
    <div role="status">
      {!online && (
        <MessageBar intent="warning">
          <MessageBarBody>{t('state.offline')}</MessageBarBody>
        </MessageBar>
      )}
      {throttled > 0 && (
        <MessageBar intent="warning">
          <MessageBarBody>{t('state.throttled', { seconds: throttled })}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}

/** Over whatever is open; the focus comes back to where it was, and with it the dialog that it was in. */
function SignedOut() {
  const open = useStore(signedOutStore);
  const user = useStore(userStore);
  const focused = useRef<Element | null>(null);
  if (open) focused.current ??= document.activeElement;
  useEffect(() => {
    if (open || !focused.current) return;
    const element = focused.current;
    focused.current = null;
    const frame = requestAnimationFrame(() => element instanceof HTMLElement && element.focus());
    return () => cancelAnimationFrame(frame);
  }, [open]);
  return (
    <Dialog open={open} modalType="alert" surfaceMotion={null}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('signIn.ended')}</DialogTitle>
          <DialogContent dir="auto">{t('signIn.endedHint', { name: user?.name ?? '' })}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => void signInAgain()}>
              {t('signIn.again')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** A new page begins at its top, one that the user comes back to where it was; the focus stays in it. */
function useArrival(address: string, path: string) {
  const main = useRef<HTMLElement>(null);
  const places = useRef(new Map<string, number>());
  const last = useRef(path);
  useLayoutEffect(() => {
    const element = main.current;
    if (!element) return;
    element.scrollTop = cameBack() ? (places.current.get(address) ?? 0) : 0;
    const keep = () => places.current.set(address, element.scrollTop);
    element.addEventListener('scroll', keep, { passive: true });
    return () => element.removeEventListener('scroll', keep);
  }, [address]);
  useEffect(() => {
    // What had the focus may have gone with the last page.
    if (last.current !== path && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
    last.current = path;
  }, [path]);
  return main;
}

export function Shell() {
  const { address, path } = useAddress();
  const main = useArrival(address, path);
  const user = useStore(userStore);
  const here = PLACES.find((place) => place.path === `/${path.split('/')[1] ?? ''}`);
  useEffect(() => {
    // What cannot be had now is fetched when it is wanted.
    const timer = setTimeout(() => LATER.forEach((load) => void load().catch(() => undefined)), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    document.title = here ? `${t(here.title)} - Clientele` : 'Clientele';
    // On a narrow screen the bar lies, and scrolls.
    if (narrow.matches) document.querySelector('.shell > nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [here]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <header>
        <span className="brand">Clientele</span>
        <span className="who" dir="auto" title={user?.name}>
          {user?.shown}
        </span>
        <Button appearance="subtle" onClick={() => void signOut()}>
          {t('signOut')}
        </Button>
      </header>
      <nav aria-label={t('shell.nav')}>
        {PLACES.map((place) => (
          <a key={place.path} href={place.path} aria-current={place === here ? 'page' : undefined} onClick={(event) => follow(event, place.path)}>
            {t(place.title)}
          </a>
        ))}
      </nav>
      <main id="main" tabIndex={-1} ref={main}>
        <Hindrances />
        <Boundary key={`${ownerOf(user)} ${path}`}>
          <Suspense fallback={<Loading />}>{user ? <Page /> : <Loading />}</Suspense>
        </Boundary>
      </main>
      <SignedOut />
    </div>
  );
}
