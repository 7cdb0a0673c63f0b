/** The window of loaded pages: how rows move when it grows at one end and shrinks at the other. */
import type { CustomerPage } from './api';

/** Most pages that are kept. */
export const PAGES_MAX = 20;

const rowsOf = (pages: readonly CustomerPage[]) => pages.reduce((sum, page) => sum + page.items.length, 0);

/**
 * By how many rows what was shown has moved down: those that came before the old first page, or, negative, those that went.
 * 0 if the two have no page in common, as after a jump.
 */
export function shiftBetween(before: readonly CustomerPage[], after: readonly CustomerPage[]): number {
  const [oldFirst, newFirst] = [before[0], after[0]];
  if (!oldFirst || !newFirst) return 0;
  const came = after.indexOf(oldFirst);
  if (came >= 0) return rowsOf(after.slice(0, came));
  const gone = before.indexOf(newFirst);
  return gone >= 0 ? -rowsOf(before.slice(0, gone)) : 0;
}

/** The page that a row stands in, and where in it. */
export function pageOfRow(pages: readonly CustomerPage[], row: number): { page: CustomerPage; row: number } | undefined {
  for (const page of pages) {
    if (row < page.items.length) return { page, row };
    row -= page.items.length;
  }
  return undefined;
}
