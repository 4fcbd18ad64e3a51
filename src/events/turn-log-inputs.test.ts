import { describe, expect, it } from 'vitest';
import { answered, AT, batch, inferenceStarted, story, toolEnded } from '../../test/support/batches.js';
import type { BatchEvent } from './batch.js';
import { TurnLog } from './turn-log.js';

const STEP = '0001.z000.bb';
const TOOL = 'tool-1-0-bb';
const call = { call_id: 'c1', tool_type: 'function', tool_name: 'send_mail', arguments: '{"to":"x"}' };
const started: BatchEvent = { type: 'step_started', step_id: STEP, step_type: 'tool_execution', at: AT };
const question: BatchEvent = {
  type: 'input_required',
  input_id: 'i1',
  step_id: STEP,
  kind: 'approval',
  at: AT,
};
const resolved: BatchEvent = { type: 'input_resolved', input_id: 'i1', decision: 'output', at: AT };

describe('a question about a call', () => {
  it('says the call, which is known', () => {
    const { log, told } = asked();
    expect(story(told)).toEqual([`step_started ${STEP}`, `input_required ${STEP}`]);
    const { call_id, tool_name, arguments: written } = call;
    expect(told[1]).toMatchObject({ call_id, tool_name, arguments: written, arguments_hash: 'f00' });
    expect(log.progress).toMatchObject({ state: 'waiting', inputs: [{ input_id: 'i1' }] });
  });

  it('keeps its step for the tool that runs then', () => {
    const { log } = asked();
    log.say(batch('workflow', 1, [{ ...resolved, decision: 'approve' }], { epoch: 0 }));
    expect(log.open(TOOL, AT)).toEqual([]);
    const done = { epoch: 1000, attempt: 1, batches: [batch(TOOL, 0, [toolEnded(STEP)])], output: 'sent' };
    expect(story(log.settle(TOOL, done, AT))).toEqual([`step_completed ${STEP} completed`]);
    expect(log.progress.steps[1]).toMatchObject({
      state: 'completed',
      tool_responses: [{ content: 'sent' }],
    });
  });

  it('takes the first output from outside, as JSON text where it is no string', () => {
    const { log } = asked();
    log.learn('i1', { sent: true });
    log.learn('i1', 'another answer');
    log.learn('unheard of', 'x');
    log.say(batch('workflow', 1, [resolved, toolEnded(STEP)], { epoch: 0 }));
    expect(log.progress).toMatchObject({ state: 'running', inputs: [] });
    expect(log.progress.steps[1]).toMatchObject({ tool_responses: [{ content: '{"sent":true}' }] });
  });

  it('is cancelled with the turn', () => {
    const { log } = asked();
    const { response_ids, num_steps, usage } = log.progress;
    const end = { type: 'turn_cancelled', turn_id: 't', at: AT, response_ids, num_steps, usage } as const;
    const told = log.end(end);
    expect(told).toContainEqual(expect.objectContaining({ type: 'input_resolved', decision: 'cancelled' }));
    expect(story(told)).toContain(`step_completed ${STEP} cancelled`);
    expect(told.at(-1)).toEqual(end);
  });
});

function asked() {
  const log = new TurnLog('t');
  log.open('infer-1-aa', AT);
  const calls = [{ ...call, input: { kind: 'approval', arguments_hash: 'f00' } as const }];
  const batches = [
    batch('infer-1-aa', 0, [inferenceStarted('0001.000000001.000'), answered('0001.000000001.000')]),
  ];
  log.settle('infer-1-aa', { epoch: 1000, attempt: 1, batches, calls }, AT);
  return { log, told: log.say(batch('workflow', 0, [started, question], { epoch: 0 })) };
}
