/** The list itself: rows of the loaded pages, of which only those in sight are drawn. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent } from 'react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CustomerItem } from '../../api/types';
import { t } from '../../app/messages';
import { entryState, keepEntryState, navigate } from '../../app/router';
import { follow } from '../../components/link';
import { Empty, Failure, Loading } from '../../components/states';
import type { CustomerPage, CustomerQuery, Place } from './api';
import { customerKeys, fetchPage, filterOf } from './api';
import type { Column } from './columns';
import { PAGES_MAX, pageOfRow, shiftBetween } from './window';

const ROW_REM = 2.75;
/** With fewer rows than this to the end of what is loaded, the next page is fetched. */
const AHEAD_ROWS = 150;
const OVERSCAN_ROWS = 12;
const TYPING_PAUSE_MS = 350;

/** What an entry of the history remembers: where the list was entered, which row is on top, which is chosen. */
interface Kept {
  readonly place: Place;
  readonly row: number;
  readonly active?: string;
}

const rowHeight = () => ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);

function usePages(query: CustomerQuery, place: Place) {
  return useInfiniteQuery({
    queryKey: customerKeys.list(query, place),
    queryFn: ({ pageParam, signal }) => fetchPage(query, pageParam, signal),
    initialPageParam: place,
    getNextPageParam: (last: CustomerPage) => last.next,
    getPreviousPageParam: (first: CustomerPage) => first.previous,
    maxPages: PAGES_MAX,
    structuralSharing: false,
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** Letters typed in the list, put together until there is a pause. */
function useTyping(onPause: (text: string) => void) {
  const typed = useRef('');
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (letter: string) => {
    typed.current += letter;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const text = typed.current;
      typed.current = '';
      onPause(text);
    }, TYPING_PAUSE_MS);
  };
}

export function CustomerGrid({ query, columns, total }: { query: CustomerQuery; columns: readonly Column[]; total: number | undefined }) {
  const kept = useMemo(() => entryState<Kept>(), []);
  const [place, setPlace] = useState<Place>(kept?.place ?? { at: 'first' });
  const [active, setActive] = useState(kept?.active);
  const entered = useRef<{ place: Place; row: number } | undefined>(kept ?? undefined);
  const scroller = useRef<HTMLDivElement>(null);
  const height = useMemo(rowHeight, []);

  const pages = usePages(query, place);
  const loaded = pages.data?.pages;
  const rows = useMemo(() => loaded?.flatMap((page) => page.items) ?? [], [loaded]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN_ROWS,
    // The heading, as high as a row, stands above what is scrolled.
    scrollPaddingEnd: height,
    getItemKey: (index) => rows[index]?.id ?? index,
  });

  // Rows keep their place on the screen while the window moves below them.
  const before = useRef<readonly CustomerPage[]>([]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!loaded || !element) return;
    const shift = shiftBetween(before.current, loaded);
    if (before.current.length === 0 && place.at === 'last') element.scrollTop = element.scrollHeight;
    else if (before.current.length === 0) element.scrollTop = (entered.current?.row ?? 0) * height;
    else if (shift !== 0) element.scrollTop += shift * height;
    before.current = loaded;
  }, [loaded, place, height]);

  const drawn = virtualizer.getVirtualItems();
  const top = drawn[0]?.index ?? 0;
  const bottom = drawn[drawn.length - 1]?.index ?? 0;
  const { hasNextPage, hasPreviousPage, isFetching, fetchNextPage, fetchPreviousPage } = pages;
  useEffect(() => {
    if (isFetching || rows.length === 0 || pages.isError) return;
    if (hasNextPage && rows.length - bottom < AHEAD_ROWS) void fetchNextPage();
    else if (hasPreviousPage && top < AHEAD_ROWS) void fetchPreviousPage();
  });

  // Remember where we are, for when the user comes back: at rest, and before leaving by a link.
  const keep = () => {
    const at = loaded && scroller.current && pageOfRow(loaded, Math.round(scroller.current.scrollTop / height));
    if (at) keepEntryState({ place: at.page.place, row: at.row, ...(active && { active }) } satisfies Kept);
  };
  useEffect(() => {
    const element = scroller.current;
    if (!element || !loaded) return;
    let timer = 0;
    const soon = () => {
      clearTimeout(timer);
      timer = window.setTimeout(keep, 100);
    };
    soon();
    element.addEventListener('scroll', soon, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', soon);
    };
  }, [loaded, active, height]);

  // Who came back to a chosen row goes on from it with the keyboard.
  useEffect(() => {
    if (kept?.active && document.activeElement?.matches('body, main')) scroller.current?.focus({ preventScroll: true });
  }, [kept]);

  const jump = (to: Place) => {
    before.current = [];
    entered.current = undefined;
    setActive(undefined);
    setPlace(to);
  };
  const choose = (index: number) => {
    const item = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!item) return;
    setActive(item.id);
    virtualizer.scrollToIndex(rows.indexOf(item));
  };
  const toEnd = (end: 'first' | 'last') => {
    const isLoaded = end === 'first' ? !loaded?.[0]?.previous : !loaded?.[loaded.length - 1]?.next;
    if (isLoaded) choose(end === 'first' ? 0 : rows.length - 1);
    else jump({ at: end });
  };
  const type = useTyping((name) => jump({ at: 'name', name }));

  const onKeyDown = (event: KeyboardEvent) => {
    const element = scroller.current;
    if (event.target !== element || event.altKey || event.ctrlKey || event.metaKey) return;
    const visible = Math.max(1, Math.floor(element.clientHeight / height) - 2);
    const first = Math.ceil(element.scrollTop / height);
    const index = rows.findIndex(({ id }) => id === active);
    const moves: Record<string, () => void> = {
      ArrowDown: () => choose(index < 0 ? first : index + 1),
      ArrowUp: () => choose(index < 0 ? first : index - 1),
      PageDown: () => choose((index < 0 ? first : index) + visible),
      PageUp: () => choose((index < 0 ? first : index) - visible),
      Home: () => toEnd('first'),
      End: () => toEnd('last'),
      Enter: () => {
        if (!active) return;
        keep();
        navigate(`/customers/${active}`);
      },
    };
    const move = moves[event.key];
    if (move) move();
    else if (event.key.length === 1) type(event.key);
    else return;
    event.preventDefault();
  };

  const isAll = filterOf(query) === undefined;
  if (pages.isError && rows.length === 0)
    return <Failure error={pages.error} onRetry={() => void pages.refetch()} />;
  if (loaded && rows.length === 0) return (
      <Empty title={t(isAll ? 'customers.noneYet' : 'customers.none')}>
        <p>{t(isAll ? 'customers.noneYetHint' : 'customers.noneHint')}</p>
        {isAll && <code>clienteled import --partner P customers.csv</code>}
      </Empty>
    );
  return (
    <div className="grid-frame" style={{ ['--columns' as string]: columns.length }}>
      <div
        ref={scroller}
        className="grid"
        role="grid"
        aria-label={t('customers.title')}
        aria-rowcount={total ?? -1}
        aria-busy={isFetching}
        aria-activedescendant={active && rows.some(({ id }) => id === active) ? `customer-${active}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClickCapture={keep}
      >
        <div role="row" className="grid-row grid-head">
          <span role="columnheader">{t('customer.name')}</span>
          {columns.map((column) => (
            <span role="columnheader" key={column.name} className={`column-${column.name}`}>
              {t(column.title)}
            </span>
          ))}
        </div>
        {!loaded && (
          <div role="row">
            <div role="gridcell">
              <Loading rows={10} />
            </div>
          </div>
        )}
        <div role="rowgroup" className="grid-rows" style={{ height: virtualizer.getTotalSize() }}>
          {drawn.map(({ index, start, key }) => {
            const item = rows[index];
            return item && <Row key={key} item={item} start={start} height={height} columns={columns} active={item.id === active} />;
          })}
        </div>
      </div>
      {pages.isError && <Failure error={pages.error} onRetry={() => void fetchNextPage()} />}
      <div className="grid-ends">
        <button type="button" className="plain" onClick={() => toEnd('first')}>
          {t('customers.first')}
        </button>
        <button type="button" className="plain" onClick={() => toEnd('last')}>
          {t('customers.last')}
        </button>
        <span className="hint">{t('customers.typeHint')}</span>
        {isFetching && rows.length > 0 && bottom === rows.length - 1 && <span className="hint">{t('customers.loading')}</span>}
      </div>
    </div>
  );
}

interface RowProps {
  readonly item: CustomerItem;
  readonly start: number;
  readonly height: number;
  readonly columns: readonly Column[];
  readonly active: boolean;
}

function Row({ item, start, height, columns, active }: RowProps) {
  const to = `/customers/${item.id}`;
  return (
    <div
      role="row"
      id={`customer-${item.id}`}
      aria-selected={active}
      className={active ? 'grid-row active' : 'grid-row'}
      style={{ height, transform: `translateY(${start}px)` }}
    >
      <span role="gridcell" className="column-name">
        <a href={to} dir="auto" tabIndex={-1} onClick={(event) => follow(event, to)}>
          {item.companyProfile.companyName}
        </a>
        <span className="below" dir="auto">
          {item.companyProfile.domain}
        </span>
      </span>
      {columns.map((column) => (
        <span role="gridcell" key={column.name} className={`column-${column.name}`} dir="auto">
          {column.value(item)}
        </span>
      ))}
    </div>
  );
}
