import { expect, test } from 'vitest';
import type { CustomerItem } from '../../api/types';
import type { CustomerPage } from './api';
import { pageOfRow, shiftBetween } from './window';

const page = (rows: number): CustomerPage => ({
  place: { at: 'first' },
  items: Array.from({ length: rows }, () => ({}) as CustomerItem),
  next: undefined,
  previous: undefined,
});
const [a, b, c, d] = [page(100), page(40), page(100), page(1)];

test.each([
  ['nothing moves when a page comes behind', [a, b], [a, b, c], 0],
  ['a page that comes in front moves all down by its rows', [b, c], [a, b, c], 100],
  ['a page that goes in front moves all up by its rows', [b, c], [c, d], -40],
  ['several pages in front count together', [c], [a, b, c], 140],
  ['a page that goes behind moves nothing', [a, b, c], [a, b], 0],
  ['a jump moves nothing', [a, b], [c, d], 0],
  ['the first page moves nothing', [], [a], 0],
])('%s', (_, before, after, shift) => expect(shiftBetween(before, after)).toBe(shift));

test.each([
  [0, { page: a, row: 0 }],
  [99, { page: a, row: 99 }],
  [100, { page: b, row: 0 }],
  [140, { page: d, row: 0 }],
  [141, undefined],
])('row %i is found in its page', (row, found) => expect(pageOfRow([a, b, d], row)).toEqual(found));
