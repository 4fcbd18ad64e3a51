import { expect, test } from 'vitest';
import type { InferInput } from '../protocol/activity.js';
import { withoutSaid } from './said-again.js';

const user = (content: string) => ({ role: 'user' as const, content });
const there = (id: string, role: string, text: string) => ({
  id,
  type: 'message',
  role,
  content: [{ type: 'input_text', text }],
});
const input = (...said: string[]): InferInput => ({
  agent: 'a',
  response: 1,
  input: [...said, 'stop'].map(user),
  said_again: { items: said.length, newest_items: ['1'] },
});
const left = (from: InferInput, items?: Parameters<typeof withoutSaid>[1]) => withoutSaid(from, items).input;

test('what has come into the conversation since is not said again', () => {
  expect(left(input('a', 'b'), [there('2', 'user', 'b'), there('1', 'user', 'x')])).toEqual([
    user('a'),
    user('stop'),
  ]);
});

test('the same words of before, or of the assistant, do not count', () => {
  expect(left(input('a'), [there('2', 'assistant', 'a'), there('1', 'user', 'a')])).toHaveLength(2);
});

test('what was said twice and is there once is said once', () => {
  expect(left(input('a', 'a'), [there('2', 'user', 'a')])).toEqual([user('a'), user('stop')]);
});

test('the new message is said whatever is there', () => {
  expect(left(input('a'), [there('2', 'user', 'stop')])).toHaveLength(2);
});

test('a conversation that cannot be listed is told all', () => {
  expect(left(input('a'))).toHaveLength(2);
});
