import { describe, expect, test } from 'vitest';
import type { BatchEvent } from './batch.js';
import { isWhole } from './check-batch.js';
import { unpackBatch } from './packed-batch.js';
import { TurnLog } from './turn-log.js';

const broken: readonly [string, object][] = [
  ['a delta that is none', { type: 'step_progress', step_id: 'a', delta: null }],
  [
    'an inference without a result',
    { type: 'step_completed', step_id: 'a', step_type: 'inference', at: 'x', status: 'completed' },
  ],
  ['a numeric step id', { type: 'step_progress', step_id: 1, delta: { type: 'text', text: 'x' } }],
  ['a reason that is missing', { type: 'step_superseded', step_id: 'a', at: 'x' }],
  ['an answer to a question', { type: 'input_resolved', input_id: 'a', decision: 'approve', at: 'x' }],
];

describe('a published batch is dropped for', () => {
  test.each(broken)('%s', (_what, event) => {
    const log = new TurnLog('turn');
    log.open('infer-1-aa', 'x');

    expect(isWhole(event as BatchEvent)).toBe(false);
    expect(log.accept(unpackBatch(['infer-1-aa', 1, 1, 0, [event]]))).toEqual([]);
  });

  test.each([1e300, -1, 1.5, Number.NaN])('an epoch of %d', (epoch) => {
    expect(unpackBatch(['infer-1-aa', epoch, 1, 0, []])).toBeUndefined();
  });
});
