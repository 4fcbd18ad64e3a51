import { expect, test } from 'vitest';
import { withinBounds } from './bound-outputs.js';

const item = (call_id: string, output: string) => ({ type: 'function_call_output', call_id, output });

test('outputs that fit are left as they are', () => {
  const items = [item('a', 'x'), item('b', 'y')];
  expect(withinBounds(items)).toEqual(items);
});

test('where they are too much together, the largest give way and say so', () => {
  const bounded = withinBounds(
    [item('a', 'x'.repeat(3000)), item('b', 'y'.repeat(5000)), item('c', 'z')],
    4000,
  );

  expect(bounded.map(({ output }) => String(output).slice(0, 20))).toEqual([
    'xxxxxxxxxxxxxxxxxxxx',
    'The output of 5057 b',
    'z',
  ]);
  expect(JSON.stringify(bounded).length).toBeLessThan(4000);
});
