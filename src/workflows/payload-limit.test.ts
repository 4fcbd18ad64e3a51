import { describe, expect, test } from 'vitest';
import { checkCalls, checkSize } from './payload-limit.js';

const refusal = expect.objectContaining({ type: 'TurnTooLarge', nonRetryable: true });
const calls = (count: number, bytes = 2) =>
  Array.from({ length: count }, () => ({ arguments: 'x'.repeat(bytes) }));

test('what Temporal would take passes, and what it would not is refused for good', () => {
  expect(() => checkSize('It', 'x'.repeat(1_900_000))).not.toThrow();
  expect(() => checkSize('It', 'ä'.repeat(1_000_000))).toThrow(refusal);
});

describe('calls of one response', () => {
  test('may be a thousand', () => {
    expect(() => checkCalls(calls(1000), undefined)).not.toThrow();
    expect(() => checkCalls(calls(1001), undefined)).toThrow(refusal);
  });

  test('count with the context that travels with each', () => {
    expect(() => checkCalls(calls(100, 1000), 'x'.repeat(16_000))).not.toThrow();
    expect(() => checkCalls(calls(300), 'x'.repeat(16_000))).toThrow(refusal);
    expect(() => checkCalls(calls(4, 800_000), undefined)).toThrow(refusal);
  });
});
