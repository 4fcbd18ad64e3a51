import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openLines } from './lines.js';

const never = new AbortController().signal;

function typing(at: 'terminal' | 'pipe') {
  const input = new PassThrough();
  const shown = new PassThrough();
  const lines = openLines(input, at === 'terminal' ? shown : undefined, () => undefined);
  /** Resolves when the lines have been read. */
  const type = async (text: string): Promise<void> => {
    input.write(text);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { lines, type };
}

test('a line that was typed before the question does not answer it, and is there afterwards', async () => {
  const { lines, type } = typing('terminal');
  await type('yes\n');
  const answer = lines.answer('y/n> ', never);
  await type('no\n');
  expect(await answer).toBe('no');
  expect(await lines.next('> ', never)).toBe('yes');
  lines.close();
});

test('the lines of a pipe answer in their order', async () => {
  const { lines, type } = typing('pipe');
  await type('yes\nno\n');
  expect(await lines.answer('y/n> ', never)).toBe('yes');
  expect(await lines.next('> ', never)).toBe('no');
  lines.close();
});

test('the end of the input, or who has enough, ends a question', async () => {
  const { lines, type } = typing('terminal');
  await type('early\n');
  const enough = new AbortController();
  const asked = lines.answer('y/n> ', enough.signal);
  enough.abort();
  expect(await asked).toBeUndefined();
  lines.close();
  expect(await lines.answer('y/n> ', never)).toBeUndefined();
});
