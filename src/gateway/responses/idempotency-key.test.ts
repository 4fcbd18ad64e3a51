import { expect, test } from 'vitest';
import { keyedId } from './idempotency-key.js';

const idOf = (key: string, principal: string): string | undefined =>
  keyedId(new Request('http://localhost', { headers: { 'idempotency-key': key } }), { id: principal });

test('the key of a client is that of no other one, however somebody without a name writes it', () => {
  expect(idOf('mine', 'ada')).toBe(idOf('mine', 'ada'));
  const ids = [idOf('mine', 'ada'), idOf('mine', 'bob'), idOf('mine', ''), idOf('["ada","mine"]', '')];
  expect(new Set(ids).size).toBe(ids.length);
});
