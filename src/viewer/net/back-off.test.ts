import { expect, test } from 'vitest';
import { backOff, retryAfter } from './back-off.js';

test('pauses double up to 15 seconds and are spread over their upper half', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 5000].map((failures) => backOff(failures, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000,
  ]);
  expect(backOff(2, 0)).toBe(500);
});

test.each([
  ['3', 3000],
  ['Thu, 01 Jan 1970 00:00:09 GMT', 8000],
  ['-5', 0],
  ['99999', 60_000],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After %j is %j ms', (value, ms) => {
  expect(retryAfter(value, 1000)).toBe(ms);
});
