import { expect, test } from 'vitest';
import type { JsonObject } from '../events/json.js';
import { replayItems } from './replay-items.js';

const items: readonly JsonObject[] = [
  { role: 'user', content: 'Hi' },
  { type: 'function_call', id: 'fc_1', status: 'completed' },
  { type: 'reasoning', id: 'rs_1' },
  { type: 'function_call', id: 'fc_2', status: 'completed' },
  { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' },
  { type: 'function_call_output', call_id: 'c_1' },
  { type: 'function_call_output', call_id: 'c_2' },
  { type: 'function_call', id: 'fc_3', status: 'completed' },
  { type: 'message', id: 'msg_2', role: 'assistant', status: 'completed' },
];
const names = (replayed: readonly JsonObject[]): readonly unknown[] =>
  replayed.map((item) => item['id'] ?? item['call_id'] ?? item['role']);

test('items are sent again as they came', () => {
  expect(replayItems(items, { stripStatusOnReplay: false, forbidsInterleavedCalls: false })).toEqual(items);
});

test('a server that refuses a status gets none', () => {
  const replayed = replayItems(items, { stripStatusOnReplay: true, forbidsInterleavedCalls: false });
  expect(replayed.some((item) => 'status' in item)).toBe(false);
  expect(names(replayed)).toEqual(names(items));
});

test('a server that wants its calls together gets them after the rest of what was said with them', () => {
  const replayed = replayItems(items, { stripStatusOnReplay: false, forbidsInterleavedCalls: true });
  expect(names(replayed)).toEqual(['user', 'rs_1', 'msg_1', 'fc_1', 'fc_2', 'c_1', 'c_2', 'msg_2', 'fc_3']);
});
