import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { nextTryIn } from './tool-retry.js';

const failure = (options: Parameters<typeof ApplicationFailure.create>[0] = {}) =>
  ApplicationFailure.create({ message: 'x', type: 'Busy', ...options });
const waits = (retryPolicy: object, attempts: number) =>
  Array.from({ length: attempts }, (_, index) => nextTryIn(failure(), { attempt: index + 1, retryPolicy }));

describe('the wait before the next try', () => {
  test("doubles from a second to 100 seconds by Temporal's defaults", () => {
    expect(waits({}, 9)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 100_000, 100_000]);
    expect(nextTryIn(failure(), { attempt: 1 })).toBe(1000);
  });

  test('follows the policy, and is none after the last attempt', () => {
    const policy = {
      initialInterval: 10,
      backoffCoefficient: 3,
      maximumInterval: '50ms',
      maximumAttempts: 4,
    };
    expect(waits(policy, 4)).toEqual([10, 30, 50, undefined]);
  });

  test('0 as the number of attempts means no bound', () => {
    expect(waits({ maximumAttempts: 0 }, 2)).toEqual([1000, 2000]);
  });

  test.each([
    ['5s', 5000],
    [70, 70],
  ] as const)('is %s when the failure says so', (nextRetryDelay, ms) => {
    expect(nextTryIn(failure({ nextRetryDelay }), { attempt: 1, retryPolicy: {} })).toBe(ms);
  });

  test('the failure does not overrule the number of attempts', () => {
    const info = { attempt: 2, retryPolicy: { maximumAttempts: 2 } };
    expect(nextTryIn(failure({ nextRetryDelay: '5s' }), info)).toBeUndefined();
  });

  test('is none for what must not be tried again', () => {
    expect(nextTryIn(failure({ nonRetryable: true }), { attempt: 1 })).toBeUndefined();
    const retryPolicy = { nonRetryableErrorTypes: ['Busy'] };
    expect(nextTryIn(failure(), { attempt: 1, retryPolicy })).toBeUndefined();
  });
});
