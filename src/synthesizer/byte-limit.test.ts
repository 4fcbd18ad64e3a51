import { expect, test } from 'vitest';
import { byteLength, cutToBytes } from './byte-limit.js';

test.each(['', 'plain', 'é', '€uro', '👍🏽', 'mixed é€👍 text'])(
  '%j has as many bytes as UTF-8 gives it',
  (text) => {
    expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
  },
);

test('text is cut between characters, never within one', () => {
  expect([0, 1, 2, 4, 5, 6].map((limit) => cutToBytes('aé👍', limit))).toEqual([
    '',
    'a',
    'a',
    'aé',
    'aé',
    'aé',
  ]);
  expect(cutToBytes('aé👍', 7)).toBe('aé👍');
});
