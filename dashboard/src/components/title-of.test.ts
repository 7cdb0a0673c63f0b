import { expect, test } from 'vitest';
import { ApiError } from '../api/error';
import { titleOf } from './title-of';

test('what happened is told by who answered, and how', () => {
  const rows = [
    [new ApiError(0, 'Failed to fetch', 'id'), 'state.unreachable'],
    [new ApiError(502, 'Bad Gateway', 'id'), 'state.unexpected'],
    [new ApiError(200, 'HTTP 200, text/html', 'id'), 'state.unexpected'],
    [new ApiError(403, 'Forbidden', 'id'), 'state.unexpected'],
    [new ApiError(403, 'no', 'id', 2002), 'state.forbidden'],
    [new ApiError(429, 'Too Many Requests', 'id'), 'state.tooMany'],
    [new ApiError(503, 'away', 'id', 800003), 'state.busy'],
    [new ApiError(500, 'broken', 'id', 800003), 'state.fault'],
    [new ApiError(409, 'taken', 'id', 3000), 'state.failed'],
    [new TypeError('x is not a function'), 'state.broken'],
  ] as const;
  for (const [error, title] of rows) expect(titleOf(error)).toBe(title);
});
