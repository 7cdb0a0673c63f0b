import { afterEach, expect, test, vi } from 'vitest';
import { dayBefore, lastBefore, momentsOf } from './days';

afterEach(() => void vi.unstubAllEnvs());

test.each([
  ['Pacific/Kiritimati', '2026-03-05', '2026-03-04T10:00:00.000Z', '2026-03-05T09:59:59.9999999Z'],
  ['America/Los_Angeles', '2026-07-05', '2026-07-05T07:00:00.000Z', '2026-07-06T06:59:59.9999999Z'],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.9999999Z'],
  ['UTC', '2026-12-31', '2026-12-31T00:00:00.000Z', '2026-12-31T23:59:59.9999999Z'],
])("in %s the day %s lasts from %s to %s", (name, day, first, last) => {
  vi.stubEnv('TZ', name);
  const { start, end } = momentsOf(day, day)!;
  expect([start.toISOString(), lastBefore(end)]).toEqual([first, last]);
});

test.each([
  ['Pacific/Kiritimati', 0, '2026-03-02'],
  ['America/Los_Angeles', 0, '2026-03-01'],
  ['America/Los_Angeles', 1, '2026-02-28'],
])('in %s, %i days ago is %s', (name, days, day) => {
  vi.stubEnv('TZ', name);
  expect(dayBefore(days, new Date('2026-03-01T12:00:00Z'))).toBe(day);
});

test.each(['', 'soon', '2026-13-01'])('%j is no day', (text) => expect(momentsOf(text, '2026-03-01')).toBeUndefined());
