import { describe, expect, it } from 'vitest';
import {
  answered,
  AT,
  batch,
  inferenceStarted,
  said,
  searchStarted,
  story,
  superseded,
  toolEnded,
} from '../../test/support/batches.js';
import type { Batch, SourceEnd } from './batch.js';
import { toolErrorText } from './end-of-step.js';
import type { TurnEndEvent } from './turn-event.js';
import { TurnLog } from './turn-log.js';

const INFER = 'infer-1-aa';
const TOOL = 'tool-1-0-bb';
const TOOL_STEP = '0001.z000.bb';
const call = { call_id: 'c1', tool_type: 'function', tool_name: 'save_note', arguments: '{"a":1}' };
const usage = { input_tokens: 10, output_tokens: 2, total_tokens: 12 };
const error = { code: 'broken', message: 'It broke.', source: 'tool', retryable: false } as const;
const failed: SourceEnd = { status: 'failed', error };
const cancelled: SourceEnd = { status: 'cancelled', error: { ...error, code: 'cancelled' } };
const second = { epoch: 2000, attempt: 2 };
const end: TurnEndEvent = {
  type: 'turn_cancelled',
  turn_id: 't',
  at: AT,
  response_ids: [],
  num_steps: 0,
  usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
};

describe('sources', () => {
  it('are heard from their scheduling to their end', () => {
    const log = new TurnLog('t');
    const hello = batch(INFER, 0, [inferenceStarted('a')]);
    expect(log.accept(hello)).toEqual([]);
    log.open(INFER, AT);
    expect(story(log.accept(hello))).toEqual(['step_started a']);
    log.close(INFER, cancelled, AT);
    expect(log.accept(batch(INFER, 1, [inferenceStarted('b')]))).toEqual([]);
  });

  it('of other activities than ours say nothing', () => {
    const log = new TurnLog('t');
    expect([log.open('5', AT), log.accept(batch('5', 0, [inferenceStarted('a')]))]).toEqual([[], []]);
    expect([log.settle('5', handOver([]), AT), log.close('5', failed, AT)]).toEqual([[], []]);
  });

  it('do not open twice', () => {
    const log = new TurnLog('t');
    expect([log.open(TOOL, AT).length, log.open(TOOL, AT).length]).toEqual([1, 0]);
  });

  it.each<unknown>([null, undefined, {}, 'text', { source: 'workflow', epoch: 0, n: 7, events: [] }])(
    'are not who anybody says they are: %j',
    (signal) => {
      const log = new TurnLog('t');
      expect(log.accept(signal as Batch)).toEqual([]);
      expect(log.say(batch('workflow', 0, [inferenceStarted('a')], { epoch: 0 }))).toHaveLength(1);
      expect(log.gaps).toBe(0);
    },
  );
});

describe('attempts', () => {
  it('that are stale are dropped', () => {
    const log = opened();
    log.accept(batch(INFER, 0, [inferenceStarted('b', 2)], second));
    expect(log.accept(batch(INFER, 0, [inferenceStarted('a')]))).toEqual([]);
  });

  it('supersede the steps of those before, whatever became of them', () => {
    const log = opened();
    const search = [searchStarted('b'), { ...said('b', { type: 'tool_report', data: 1 }) }];
    log.accept(batch(INFER, 0, [inferenceStarted('a'), answered('a', { usage }), ...search]));
    const told = log.accept(batch(INFER, 0, [inferenceStarted('c', 2)], second));
    expect(story(told)).toEqual(['step_superseded a', 'step_superseded b', 'step_started c']);
    const at = '1970-01-01T00:00:02.000Z';
    expect(told[0]).toMatchObject({ was_completed: true, may_have_run: false, at });
    expect(told[1]).toMatchObject({ was_completed: false, may_have_run: true, at });
    expect(told[0]).toMatchObject({ reason: { code: 'attempt_lost' } });
    expect(log.progress).toMatchObject({ num_steps: 1, usage: { total_tokens: 0, superseded: usage } });
  });

  it('do not supersede what superseded itself', () => {
    const log = opened();
    log.accept(batch(INFER, 0, [inferenceStarted('a'), superseded('a')]));
    expect(story(log.accept(batch(INFER, 0, [inferenceStarted('b', 2)], second)))).toEqual([
      'step_started b',
    ]);
  });

  it('that continue go on with the same step', () => {
    const log = opened();
    log.accept(batch(INFER, 0, [inferenceStarted('a'), said('a', 'wo')]));
    expect(log.accept(batch(INFER, 0, [], { ...second, continues: true }))).toEqual([]);
    log.accept(batch(INFER, 1, [said('a', 'rk')], { ...second, continues: true }));
    expect(log.progress.steps).toMatchObject([{ step_id: 'a', text: 'work', state: 'running' }]);
    expect(log.gaps).toBe(0);
  });

  it('that ask again after one that continued supersede all of it', () => {
    const log = opened();
    log.accept(batch(INFER, 0, [inferenceStarted('a')]));
    log.accept(batch(INFER, 0, [answered('a'), inferenceStarted('b')], { ...second, continues: true }));
    const told = log.accept(batch(INFER, 0, [inferenceStarted('c')], { epoch: 3000, attempt: 3 }));
    expect(story(told)).toEqual(['step_superseded a', 'step_superseded b', 'step_started c']);
  });

  it('of a tool are one step, whatever they say', () => {
    const log = new TurnLog('t');
    log.open(TOOL, AT);
    const started = (attempt: number) => said(TOOL_STEP, { type: 'attempt_started', attempt, worker: 'w' });
    log.accept(batch(TOOL, 0, [started(1)]));
    expect(story(log.accept(batch(TOOL, 0, [started(2)], second)))).toEqual([`step_progress ${TOOL_STEP}`]);
    expect(log.progress.steps).toMatchObject([{ state: 'running', attempt: 2 }]);
  });
});

describe('batch numbers', () => {
  it('that were seen are dropped', () => {
    const log = opened();
    const once = batch(INFER, 0, [inferenceStarted('a'), said('a', 'x')]);
    log.accept(once);
    expect(log.accept(once)).toEqual([]);
    expect(log.progress.steps).toMatchObject([{ text: 'x' }]);
  });

  it('count from 0 for each attempt', () => {
    const log = opened();
    log.accept(batch(INFER, 0, [inferenceStarted('a')]));
    log.accept(batch(INFER, 1, [said('a', 'x')]));
    expect(log.accept(batch(INFER, 0, [inferenceStarted('b')], second))).toHaveLength(2);
    expect(log.gaps).toBe(0);
  });

  it('that were missed are counted as gaps, and what came is told', () => {
    const log = opened();
    expect(log.accept(batch(INFER, 1, [inferenceStarted('a')]))).toHaveLength(1);
    log.settle(INFER, handOver([batch(INFER, 3, [answered('a')])]), AT);
    expect(log.gaps).toBe(2);
  });
});

describe('a result', () => {
  it('keeps what was published and adds what was not, each batch once', () => {
    const log = opened();
    const batches = [
      batch(INFER, 0, [inferenceStarted('a')]),
      batch(INFER, 1, [said('a', 'x')]),
      batch(INFER, 2, [answered('a')]),
    ];
    batches.slice(0, 2).forEach((published) => log.accept(published));
    expect(story(log.settle(INFER, handOver(batches.slice(1)), AT))).toEqual(['step_completed a completed']);
    expect(log.progress.steps).toMatchObject([{ text: 'x', state: 'completed' }]);
  });

  it('supersedes the attempts before, also when it was silent until then', () => {
    const log = opened();
    log.accept(batch(INFER, 0, [inferenceStarted('a')]));
    const rest = [batch(INFER, 0, [inferenceStarted('b', 2), answered('b')], second)];
    expect(story(log.settle(INFER, { ...handOver(rest), ...second }, AT))).toEqual([
      'step_superseded a',
      'step_started b',
      'step_completed b completed',
    ]);
  });

  describe('of an attempt that others had followed', () => {
    const third = { epoch: 3000, attempt: 3 };

    it('counts with all that this attempt told, and theirs is void', () => {
      const log = opened();
      log.accept(batch(INFER, 0, [inferenceStarted('a'), said('a', 'he')]));
      log.accept(batch(INFER, 0, [inferenceStarted('b'), said('b', 'no')], second));
      expect(log.accept(batch(INFER, 1, [said('a', 'll')]))).toEqual([]);
      const told = log.settle(INFER, handOver([batch(INFER, 2, [said('a', 'o'), answered('a')])]), AT);
      expect(story(told)).toEqual([
        'step_superseded b',
        'step_started a',
        'step_progress a he',
        'step_progress a ll',
        'step_progress a o',
        'step_completed a completed',
      ]);
      expect(log.progress.steps).toMatchObject([
        { step_id: 'a', state: 'completed', text: 'hello' },
        { step_id: 'b', state: 'superseded', text: '' },
      ]);
      expect(log.gaps).toBe(0);
    });

    it('counts also when it was published to its end', () => {
      const log = opened();
      log.accept(batch(INFER, 0, [inferenceStarted('b')], second));
      const late = batch(INFER, 0, [inferenceStarted('a'), said('a', 'hello'), answered('a')]);
      expect([log.accept(late), log.accept(late)]).toEqual([[], []]);
      log.settle(INFER, handOver([]), AT);
      expect(log.progress.steps).toMatchObject([
        { step_id: 'a', state: 'completed', text: 'hello' },
        { step_id: 'b', state: 'superseded' },
      ]);
    });

    it('counts with what it had gone on from', () => {
      const log = opened();
      const goesOn = { ...second, continues: true };
      log.accept(batch(INFER, 0, [inferenceStarted('a'), said('a', 'he')]));
      log.accept(batch(INFER, 0, [said('a', 'll')], goesOn));
      log.accept(batch(INFER, 0, [inferenceStarted('c')], third));
      const rest = [batch(INFER, 1, [said('a', 'o'), answered('a')], goesOn)];
      log.settle(INFER, { ...goesOn, batches: rest }, AT);
      expect(log.progress.steps).toMatchObject([
        { step_id: 'a', state: 'completed', text: 'hello' },
        { step_id: 'c', state: 'superseded' },
      ]);
      expect(log.gaps).toBe(0);
    });

    it('brings back no attempt before it', () => {
      const log = opened();
      log.accept(batch(INFER, 0, [inferenceStarted('a')]));
      log.accept(batch(INFER, 0, [inferenceStarted('b')], second));
      log.accept(batch(INFER, 0, [inferenceStarted('c')], third));
      const rest = [batch(INFER, 1, [answered('b')], second)];
      expect(story(log.settle(INFER, { ...second, batches: rest }, AT))).toEqual([
        'step_superseded c',
        'step_started b',
        'step_completed b completed',
      ]);
    });

    it('ends the step of a tool, which is one over all attempts', () => {
      const log = called([call]);
      log.open(TOOL, AT);
      log.accept(batch(TOOL, 0, [said(TOOL_STEP, { type: 'tool_report', data: 1 })]));
      log.accept(batch(TOOL, 0, [said(TOOL_STEP, { type: 'tool_report', data: 2 })], second));
      log.accept(batch(TOOL, 1, [said(TOOL_STEP, { type: 'tool_report', data: 3 })]));
      const done = { ...handOver([batch(TOOL, 2, [toolEnded(TOOL_STEP)])]), output: 'saved' };
      expect(story(log.settle(TOOL, done, AT))).toEqual([`step_completed ${TOOL_STEP} completed`]);
      expect(log.gaps).toBe(0);
    });
  });

  it('leaves no step running', () => {
    const log = opened();
    log.accept(batch(INFER, 0, [inferenceStarted('a'), said('a', 'x')]));
    expect(story(log.settle(INFER, handOver([]), AT))).toEqual(['step_completed a incomplete']);
  });
});

describe('what every reader can add', () => {
  it('is the text and reasoning of an answer', () => {
    const log = opened();
    const thought = said('a', { type: 'reasoning', kind: 'summary', text: 'hm' });
    const [done] = log
      .accept(batch(INFER, 0, [inferenceStarted('a'), thought, said('a', 'yes'), answered('a')]))
      .slice(-1);
    expect(done).toMatchObject({
      result: { text_content: 'yes', reasoning: [{ kind: 'summary', text: 'hm' }] },
    });
  });

  it('but not where the result says it itself', () => {
    const log = opened();
    const told = log.accept(
      batch(INFER, 0, [
        inferenceStarted('a'),
        said('a', 'draft'),
        said('a', { type: 'reasoning', kind: 'text', text: 'hm' }),
        answered('a', { text_content: 'final', reasoning: [] }),
      ]),
    );
    expect(told.at(-1)).toMatchObject({ result: { text_content: 'final' } });
    expect(told.at(-1)).not.toHaveProperty('result.reasoning');
  });

  it("is a tool's call and output", () => {
    const log = called([call]);
    const { call_id, tool_type, tool_name, arguments: written } = call;
    const metadata = { server_side: false, tool_type, tool_name, call_id, arguments: written };
    expect(log.open(TOOL, AT)).toMatchObject([{ step_id: TOOL_STEP, at: AT, metadata }]);
    const done = { ...handOver([batch(TOOL, 0, [toolEnded(TOOL_STEP)])]), output: { saved: true } };
    expect(log.settle(TOOL, done, AT)).toMatchObject([
      {
        status: 'completed',
        result: {
          tool_calls: [call],
          tool_responses: [
            { call_id: 'c1', tool_name: 'save_note', content: { saved: true }, is_error: false },
          ],
        },
      },
    ]);
  });

  it('is why a call was rejected', () => {
    const rejection = { code: 'unknown_tool', message: 'There is no such tool.' };
    const log = called([{ ...call, rejection }]);
    const step = { step_id: '0001.z000.cc', step_type: 'tool_execution', at: AT } as const;
    const told = log.say(
      batch('workflow', 0, [{ type: 'step_started', ...step }, toolEnded(step.step_id, 'failed')], {
        epoch: 0,
      }),
    );
    expect(told).toMatchObject([
      { type: 'step_started', metadata: { call_id: 'c1', arguments: '{"a":1}' } },
      {
        status: 'failed',
        error: { ...rejection, source: 'tool', retryable: false },
        result: { tool_calls: [call], tool_responses: [{ content: rejection.message, is_error: true }] },
      },
    ]);
  });
});

describe('an activity without a result', () => {
  it('ends its answer as far as it came, without calls', () => {
    const log = opened();
    const issued = said('a', { type: 'tool_call_issued', ...call, arguments: '' });
    log.accept(batch(INFER, 0, [inferenceStarted('a'), said('a', 'half'), issued]));
    const [told] = log.close(INFER, failed, AT);
    expect(told).toMatchObject({
      status: 'failed',
      error,
      result: { text_content: 'half', stop_reason: 'failed' },
    });
    expect(told).toMatchObject({ result: { function_calls: [] } });
  });

  it('ends its hosted tool, of which the model is told nothing by us', () => {
    const log = opened();
    log.accept(batch(INFER, 0, [inferenceStarted('a'), answered('a'), searchStarted('b')]));
    const told = log.close(INFER, failed, AT);
    expect(story(told)).toEqual(['step_completed b failed']);
    expect(told).toMatchObject([{ result: { tool_calls: [{ call_id: 'fs_1' }], tool_responses: [] } }]);
  });

  it('ends our tool with what the model is told of it', () => {
    const log = called([call]);
    log.open(TOOL, AT);
    const content = toolErrorText(error);
    expect(log.close(TOOL, failed, AT)).toMatchObject([
      {
        status: 'failed',
        error,
        result: { tool_calls: [call], tool_responses: [{ content, is_error: true }] },
      },
    ]);
    expect(content).toBe('The tool failed: It broke.');
  });

  it('is no error when it was cancelled', () => {
    const log = called([call]);
    log.open(TOOL, AT);
    const [told] = log.close(TOOL, cancelled, AT);
    expect(told).toMatchObject({ status: 'cancelled', result: { tool_calls: [call], tool_responses: [] } });
    expect(told).not.toHaveProperty('error');
  });
});

describe('the end', () => {
  it('closes whatever runs, then says so', () => {
    const log = called([call, call]);
    log.open(TOOL, AT);
    log.open('tool-1-1-bb', AT);
    log.close(TOOL, failed, AT);
    expect(story(log.end(end))).toEqual(['step_completed 0001.z001.bb cancelled', 'turn_cancelled']);
    expect(log.progress).toMatchObject({ state: 'cancelled', end });
  });

  it('is the end of all sources', () => {
    const log = opened();
    log.end(end);
    const later = batch('workflow', 0, [inferenceStarted('a')], { epoch: 0 });
    expect([log.accept(batch(INFER, 0, [inferenceStarted('a')])), log.say(later)]).toEqual([[], []]);
  });
});

function opened(): TurnLog {
  const log = new TurnLog('t');
  log.open(INFER, AT);
  return log;
}

/** The first response has asked for these calls. */
function called(
  calls: readonly (typeof call & { rejection?: { code: string; message: string } })[],
): TurnLog {
  const log = opened();
  const batches = [batch(INFER, 0, [inferenceStarted('a'), answered('a')])];
  log.settle(INFER, { ...handOver(batches), calls }, AT);
  return log;
}

function handOver(batches: readonly Batch[]) {
  return { epoch: 1000, attempt: 1, batches };
}
