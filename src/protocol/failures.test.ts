import { describe, expect, test } from 'vitest';
import { fail, failureOf, FAILURES, turnError } from './failures.js';
import type { FailureType } from './failures.js';

const types = Object.keys(FAILURES) as FailureType[];

describe.each(types)('%s', (type) => {
  test('says what it means and what to do, in sentences', () => {
    const { code, meaning, advice } = FAILURES[type];
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(advice).toMatch(/^[A-Z].*\.$/);
  });
});

test('no code stands for two failures', () => {
  const codes = types.map((type) => FAILURES[type].code);
  expect(new Set(codes).size).toBe(codes.length);
});

test.each(['It broke', 'It broke.'])('a TurnError ends %j with the advice', (message) => {
  expect(turnError('TurnTooLarge', { message, attempt: 2 })).toEqual({
    code: 'turn_too_large',
    source: 'limit',
    retryable: false,
    attempt: 2,
    message: `It broke. ${FAILURES.TurnTooLarge.advice}`,
  });
});

test("the server's code takes the place of ours", () => {
  expect(turnError('ModelRequestRejected', { message: 'x', code: 'invalid_api_key' }).code).toBe(
    'invalid_api_key',
  );
});

describe('a Temporal failure', () => {
  const error = turnError('ModelUnavailable', { message: 'Busy' });

  test('carries type, message and TurnError, and is retried as its type says', () => {
    expect(failureOf('ModelUnavailable', error)).toMatchObject({
      type: 'ModelUnavailable',
      message: error.message,
      nonRetryable: false,
      details: [error],
    });
    expect(failureOf('InvalidAgent', error).nonRetryable).toBe(true);
  });

  test('waits as long as it is told to', () => {
    expect(failureOf('ModelUnavailable', error, { nextRetryDelay: 50 }).nextRetryDelay).toBe(50);
    expect(failureOf('ModelUnavailable', error).nextRetryDelay ?? undefined).toBeUndefined();
  });

  test('that ends the work is never retried', () => {
    expect(fail('ModelUnavailable', { message: 'Busy' }).nonRetryable).toBe(true);
  });
});
