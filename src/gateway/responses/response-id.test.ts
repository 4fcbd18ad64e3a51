import { expect, test } from 'vitest';
import { responseIdOf, turnIdOf } from './response-id.js';

test.each(['order-42', 'a session/message 1', 'ünïcödé'])(
  'the turn id %j comes back from its response id',
  (turnId) => {
    expect(responseIdOf(turnId)).toMatch(/^resp_[\w-]+$/);
    expect(turnIdOf(responseIdOf(turnId))).toBe(turnId);
  },
);

test.each(['', 'resp_', 'order-42', 'resp_&&&', 'resp_YQ=='])('%j is no response id of ours', (id) => {
  expect(turnIdOf(id)).toBeUndefined();
});
