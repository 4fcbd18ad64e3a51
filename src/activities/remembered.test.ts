import { expect, test } from 'vitest';
import { Remembered } from './remembered.js';

test('what was used last stays, within the limit', () => {
  const remembered = new Remembered<string>(10);
  remembered.set('a', 'A', 4);
  remembered.set('b', 'B', 4);
  expect(remembered.get('a')).toBe('A');
  remembered.set('c', 'C', 4);
  expect(['a', 'b', 'c'].map((key) => remembered.get(key))).toEqual(['A', undefined, 'C']);
});

test('a value that is set again counts once, and one beyond the limit is not kept', () => {
  const remembered = new Remembered<string>(10);
  remembered.set('a', 'A', 6);
  remembered.set('a', 'A2', 6);
  expect(remembered.get('a')).toBe('A2');
  remembered.set('b', 'B', 11);
  expect([remembered.get('a'), remembered.get('b')]).toEqual([undefined, undefined]);
});
