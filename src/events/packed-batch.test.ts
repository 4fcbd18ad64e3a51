import { describe, expect, test } from 'vitest';
import type { Batch, BatchEvent } from './batch.js';
import { packBatch, unpackBatch } from './packed-batch.js';
import { inferenceStepId, inferenceStepPrefix, toolStepId } from './step-id.js';

const EPOCH = 1_795_375_536_902;
const SOURCE = 'infer-12-cf6c19';
const STEP = inferenceStepId(inferenceStepPrefix(12, EPOCH), 3);
const AT = '2026-01-01T00:00:00.000Z';

const text = (step_id: string, words: string): BatchEvent => ({
  type: 'step_progress',
  step_id,
  delta: { type: 'text', text: words },
});

function batch(events: readonly BatchEvent[], more: Partial<Batch> = {}): Batch {
  return { source: SOURCE, epoch: EPOCH, attempt: 1, n: 7, events, ...more };
}

const BATCHES: Readonly<Record<string, Batch>> = {
  'of a text': batch([text(STEP, 'Hello "there"')]),
  'of reasoning': batch([
    { type: 'step_progress', step_id: STEP, delta: { type: 'reasoning', kind: 'summary', text: 'Hm.' } },
  ]),
  'of other events': batch([
    { type: 'step_started', step_id: STEP, step_type: 'inference', at: AT, metadata: { attempt: 1 } },
    {
      type: 'step_progress',
      step_id: STEP,
      delta: { type: 'tool_call_delta', call_id: 'c', arguments_delta: '{' },
    },
  ]),
  'of steps of another attempt': batch([text('0012.000000001.003', 'x'), text(`${STEP}x`, 'y')]),
  'of a tool': batch([text(toolStepId(1, 0, 'ab12cd'), 'x')], { source: 'tool-1-0-ab12cd', continues: true }),
  'that claims': batch([], { continues: true }),
};

describe('a packed batch', () => {
  test.each(Object.entries(BATCHES))('%s comes back whole', (_name, whole) => {
    const wire: unknown = JSON.parse(JSON.stringify(packBatch(whole)));
    expect(unpackBatch(wire)).toEqual(whole);
  });

  test('costs a text no more than fifty bytes', () => {
    const bytes = JSON.stringify(packBatch(batch([text(STEP, 'words')]))).length - 'words'.length;
    expect(bytes).toBeLessThanOrEqual(50);
  });

  test.each([
    [null],
    [undefined],
    ['text'],
    [{}],
    [[]],
    [['infer-1-a', 1, 1]],
    [['infer-1-a', 1, 1, 0, 'no list']],
    [['infer-1-a', 1, 1, 0, [null]]],
    [['infer-1-a', 1, 1, 0, [[0]]]],
  ])('is not %j', (signal) => {
    expect(unpackBatch(signal)).toBeUndefined();
  });
});
