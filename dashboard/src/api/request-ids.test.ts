import { expect, test } from 'vitest';
import { newRequestIds } from './request-ids';

test('a lost answer is asked for again by the same id; other content, or a try after an answer, has another', () => {
  const ids = newRequestIds();
  const first = ids.next({ name: 'a' });
  expect(ids.isUnsure()).toBe(false);
  ids.lost();
  expect(ids.isUnsure()).toBe(true);
  expect(ids.next({ name: 'a' })).toBe(first);
  ids.answered();
  expect(ids.isUnsure()).toBe(false);
  const second = ids.next({ name: 'a' });
  ids.lost();
  expect(second).not.toBe(first);
  expect(ids.next({ name: 'b' })).not.toBe(second);
  ids.answered();
  expect(ids.isUnsure()).toBe(true);
});

test('a fault that may pass keeps the id and what is known', () => {
  const ids = newRequestIds();
  const first = ids.next('a');
  expect(ids.next('a')).toBe(first);
  expect(ids.next('b')).not.toBe(first);
  expect(ids.isUnsure()).toBe(false);
});
