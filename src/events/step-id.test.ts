import { describe, expect, it } from 'vitest';
import { inferenceSource, parseSource, toolSource } from './source.js';
import { callOfStep, inferenceStepId, inferenceStepPrefix, responseOfStep, toolStepId } from './step-id.js';

const EPOCH = Date.parse('2026-01-05T12:00:00Z');

describe('step ids', () => {
  it('sort as strings in the order in which people read a turn', () => {
    const first = inferenceStepPrefix(1, EPOCH);
    const inOrder = [
      inferenceStepId(inferenceStepPrefix(1, 0), 0),
      inferenceStepId(first, 2),
      inferenceStepId(first, 10),
      inferenceStepId(inferenceStepPrefix(1, EPOCH + 1), 0),
      inferenceStepId(inferenceStepPrefix(1, Date.parse('5000-01-01')), 0),
      toolStepId(1, 2, 'ffff'),
      toolStepId(1, 10, '0000'),
      inferenceStepId(inferenceStepPrefix(2, 1), 0),
      inferenceStepId(inferenceStepPrefix(10, 1), 0),
    ];
    expect(inOrder.toSorted()).toEqual(inOrder);
  });

  it('are those of the contract', () => {
    expect(inferenceStepId(inferenceStepPrefix(1, 1000), 2)).toBe('0001.0000000rs.002');
    expect(toolStepId(3, 0, '9f2c')).toBe('0003.z000.9f2c');
  });

  it('name the response, and the call of one of our tools', () => {
    const inference = inferenceStepId(inferenceStepPrefix(12, EPOCH), 0);
    expect([responseOfStep(inference), callOfStep(inference)]).toEqual([12, undefined]);
    expect(callOfStep(toolStepId(12, 3, 'a1'))).toEqual({ response: 12, call: 3 });
  });
});

describe('sources', () => {
  it('say what they were minted of', () => {
    expect(parseSource(inferenceSource(3, '9f2c'))).toEqual({ kind: 'inference', response: 3 });
    const tool = { kind: 'tool', response: 3, call: 1, stepId: toolStepId(3, 1, '9f2c') };
    expect(parseSource(toolSource(3, 1, '9f2c'))).toEqual(tool);
  });

  it.each(['', '5', 'workflow', 'infer-3', 'tool-3-1', 'infer-x-1', 'my-tool-1-1-a'])(
    'are not every activity id: %j',
    (id) => {
      expect(parseSource(id)).toBeUndefined();
    },
  );
});
