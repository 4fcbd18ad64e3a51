import {
  ApplicationFailure,
  CancelledFailure,
  defaultDataConverter,
  TimeoutFailure,
} from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { describe, expect, it } from 'vitest';
import { answered, batch, inferenceStarted, said, story, toolEnded } from '../../test/support/batches.js';
import { HistoryRun, long } from '../../test/support/history-run.js';
import type { Delivery } from '../../test/support/random-delivery.js';
import { randomRun } from '../../test/support/random-run.js';
import { randomTurn } from '../../test/support/random-turn.js';
import { forSeeds } from '../../test/support/random.js';
import type { Random } from '../../test/support/random.js';
import { brokenSteps } from '../../test/support/step-lives.js';
import type { Batch } from '../events/batch.js';
import type { TurnEvent } from '../events/turn-event.js';
import { sourceEndOf } from '../protocol/turn-error.js';
import { HistoryLog } from './history-log.js';
import { PayloadReader } from './payloads.js';
import type { HistoryEvent } from './payloads.js';

const INFER = 'infer-1-aa';
const TOOL = 'tool-1-0-bb';
const OTHER_TOOL = 'tool-1-1-cc';
const STEP = '0001.z000.bb';
const OTHER_STEP = '0001.z001.cc';
const call = { call_id: 'c1', tool_type: 'function', tool_name: 'save_note', arguments: '{}' };

describe('a history', () => {
  it('tells what the workflow tells: text by signal, the rest with the result', async () => {
    const run = asked();
    run.arrive(signal(batch(INFER, 0, [inferenceStarted('a'), said('a', 'Yes')])));
    run.task();
    run.arrive(settled(INFER, [batch(INFER, 1, [said('a', '.'), answered('a')])]));
    run.task(() => run.complete());
    expect(story(await sameAsWorkflow(run))).toEqual([
      'turn_started',
      'step_started a',
      'step_progress a Yes',
      'step_progress a .',
      'step_completed a completed',
      'turn_completed',
    ]);
  });

  it('takes the session from the input', async () => {
    const run = new HistoryRun({ agent: 'assistant', conversation: 'conv_1', input: 'Hello' });
    run.task(() => run.complete());
    expect((await sameAsWorkflow(run))[0]).toMatchObject({ agent: 'assistant', session_id: 'conv_1' });
  });

  it('hears a signal that was kept until a task was done', async () => {
    const run = asked();
    run.arrive(signal(batch(INFER, 0, [inferenceStarted('a')])));
    run.task(undefined, { during: [signal(batch(INFER, 1, [said('a', 'x')]))] });
    run.arrive(settled(INFER, [batch(INFER, 2, [answered('a')])]));
    run.task(() => run.complete());
    expect(story(await sameAsWorkflow(run))).toContain('step_progress a x');
  });

  it.each(['a task later', 'in a task that failed'])(
    'hears a signal behind the end of its activity as the workflow does, %s',
    async (when) => {
      const run = asked();
      run.arrive(signal(batch(INFER, 0, [inferenceStarted('a')])), closed(INFER, timeout()));
      const last = signal(batch(INFER, 1, [said('a', 'last')]));
      if (when === 'a task later') {
        run.task(undefined, { during: [last] });
        run.task(() => run.fail('It broke.'));
      } else {
        run.task(() => run.fail('It broke.'), { during: [last], fails: true });
      }
      const told = story(await sameAsWorkflow(run));
      expect(told.includes('step_progress a last')).toBe(when === 'in a task that failed');
    },
  );

  it('hears a signal before the time-out that stands before it', async () => {
    const run = asked();
    run.arrive(signal(batch(INFER, 0, [inferenceStarted('a')])));
    run.task();
    run.arrive(closed(INFER, timeout()), signal(batch(INFER, 1, [said('a', 'last words')])));
    run.task(() => run.fail('It broke.'));
    const told = await sameAsWorkflow(run);
    expect(story(told).slice(2)).toEqual([
      'step_progress a last words',
      'step_completed a failed',
      'turn_failed',
    ]);
    expect(told.at(-2)).toMatchObject({ error: { code: 'timeout_heartbeat', source: 'model' } });
  });

  it('ends tools in the order of their outcomes, all before what follows', async () => {
    const run = called();
    run.arrive(
      settled(OTHER_TOOL, [batch(OTHER_TOOL, 0, [toolEnded(OTHER_STEP)])], { output: 'second' }),
      settled(TOOL, [batch(TOOL, 0, [toolEnded(STEP)])], { output: { first: true } }),
    );
    run.task(() => run.schedule('infer-2-dd'));
    run.arrive(closed('infer-2-dd', new CancelledFailure('cancelled')));
    run.task(() => run.cancel());
    const told = await sameAsWorkflow(run);
    expect(story(told).slice(-3)).toEqual([
      `step_completed ${OTHER_STEP} completed`,
      `step_completed ${STEP} completed`,
      'turn_cancelled',
    ]);
    expect(told.at(-2)).toMatchObject({ result: { tool_responses: [{ content: { first: true } }] } });
  });

  it.each([
    ['failed', 'failed', ApplicationFailure.create({ message: 'It broke.', type: 'Broken' })],
    ['timed out', 'failed', timeout()],
    ['cancelled', 'cancelled', new CancelledFailure('cancelled')],
  ])('ends the step of a tool that was %s', async (_how, status, thrown) => {
    const run = called();
    run.arrive(closed(TOOL, thrown), closed(OTHER_TOOL, thrown));
    run.task(() => run.cancel());
    const told = story(await sameAsWorkflow(run));
    expect(told.slice(-3)).toEqual([
      `step_completed ${STEP} ${status}`,
      `step_completed ${OTHER_STEP} ${status}`,
      'turn_cancelled',
    ]);
  });

  it('tells what the workflow said by memo, between what it scheduled', async () => {
    const run = asked();
    const rejection = { code: 'unknown_tool', message: 'There is no such tool.' };
    const calls = [
      { ...call, rejection },
      { ...call, activity: 'save_note' },
    ];
    run.arrive(settled(INFER, [batch(INFER, 0, [inferenceStarted('a'), answered('a')])], { calls }));
    const step = { step_id: STEP, step_type: 'tool_execution', at: '2026-01-05T12:00:00.000Z' } as const;
    run.task(() => {
      run.say([{ type: 'step_started', ...step }, toolEnded(STEP, 'failed')]);
      run.schedule(OTHER_TOOL);
    });
    run.arrive(closed(OTHER_TOOL, new CancelledFailure('cancelled')));
    run.task(() => run.cancel());
    const told = await sameAsWorkflow(run);
    expect(story(told).slice(-5, -2)).toEqual([
      `step_started ${STEP}`,
      `step_completed ${STEP} failed`,
      `step_started ${OTHER_STEP}`,
    ]);
    expect(told.at(-4)).toMatchObject({ result: { tool_responses: [{ content: rejection.message }] } });
  });

  it('takes what a failed turn says from its failure', async () => {
    const run = asked();
    run.arrive(closed(INFER, ApplicationFailure.create({ message: 'It broke.' })));
    run.task(() => run.fail('It broke for good.'));
    expect((await sameAsWorkflow(run)).at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { code: 'broken', message: 'It broke for good.' },
      num_steps: 0,
    });
  });

  it.each([true, false])('tells of a worker that died with a cancel on its way: %s', async (cancelled) => {
    const run = asked();
    run.arrive(signal(batch(INFER, 0, [inferenceStarted('a'), said('a', 'half')])));
    run.task();
    if (cancelled) run.write({ workflowExecutionCancelRequestedEventAttributes: {} });
    run.arrive({ kind: 'closed', source: INFER, thrown: timeout(), end: endOf(timeout(), cancelled) });
    run.task(() => run.cancel());
    const status = cancelled ? 'cancelled' : 'failed';
    expect(story(await sameAsWorkflow(run))).toContain(`step_completed a ${status}`);
  });

  it('has a turn that failed in another way fail too', async () => {
    const run = asked();
    run.write({ workflowExecutionFailedEventAttributes: { failure: { message: 'No.', source: 'go' } } });
    const { told } = await read(run.events);
    expect(told.at(-1)).toMatchObject({ type: 'turn_failed', error: { message: 'No.', source: 'workflow' } });
  });

  it('says nothing of signals, memos and activities that are not ours', async () => {
    const run = new HistoryRun();
    run.write({ workflowExecutionSignaledEventAttributes: { signalName: 'hello' } });
    run.write({ workflowExecutionSignaledEventAttributes: { signalName: 'publish' } });
    run.write({ workflowPropertiesModifiedEventAttributes: { upsertedMemo: { fields: {} } } });
    run.task(() => run.schedule('5'));
    run.arrive(settled('5', []), closed('5', timeout()));
    run.task();
    expect(story((await read(run.events)).told)).toEqual(['turn_started']);
  });
});

describe('a run that Temporal ended', () => {
  it.each([
    ['terminated', { workflowExecutionTerminatedEventAttributes: { reason: 'by hand' } }],
    ['timed_out', { workflowExecutionTimedOutEventAttributes: {} }],
  ])('is a failed turn: %s', async (code, close) => {
    const run = asked();
    run.arrive(signal(batch(INFER, 0, [inferenceStarted('a'), said('a', 'half')])));
    run.write(close);
    const { told, log } = await read(run.events);
    expect(story(told).slice(-2)).toEqual(['step_completed a cancelled', 'turn_failed']);
    expect(told.at(-1)).toMatchObject({ error: { code, source: 'workflow' }, num_steps: 1 });
    expect(log.ended).toBe(true);
  });

  it('keeps the outcomes that no workflow task handled', async () => {
    const run = asked();
    run.arrive(settled(INFER, [batch(INFER, 0, [inferenceStarted('a'), answered('a')])]));
    run.write({ workflowExecutionTerminatedEventAttributes: { reason: '' } });
    const { told } = await read(run.events);
    expect(story(told)).toEqual([
      'turn_started',
      'step_started a',
      'step_completed a completed',
      'turn_failed',
    ]);
  });
});

describe('random runs', () => {
  it('read from their history are what the workflow told', async () => {
    await forSeeds(200, async (random) => {
      const run = randomRun(random, randomTurn(random));
      expect(brokenSteps(await sameAsWorkflow(run))).toEqual([]);
    });
  });

  it('are the same whatever the pages, also with task events at their ends that are not stored yet', async () => {
    await forSeeds(100, async (random) => {
      const run = randomRun(random, randomTurn(random));
      const { told, log } = await read(withTransientTasks(random, run.events));
      expect(told).toEqual(run.told);
      expect(log.progress).toEqual(run.log.progress);
    });
  });
});

/** What a reader of the whole history hears, held to what the workflow told. */
async function sameAsWorkflow(run: HistoryRun): Promise<readonly TurnEvent[]> {
  const { told, log } = await read(run.events);
  expect(told).toEqual(run.told);
  expect(log.progress).toEqual(run.log.progress);
  expect(log.ended).toBe(true);
  expect(log.gaps).toBe(0);
  return told;
}

async function read(events: readonly HistoryEvent[]) {
  const log = new HistoryLog('t', new PayloadReader(defaultDataConverter));
  const told: TurnEvent[] = [];
  for (const event of events) told.push(...(await log.read(event)));
  return { log, told };
}

/** Behind any page the server may show a task that it has not stored: its event ids come again, with other events. */
function withTransientTasks(random: Random, events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.flatMap((event, index) => {
    if (random.chance(0.7) || index === events.length - 1) return [event];
    const scheduled = { eventId: long(index + 2), workflowTaskScheduledEventAttributes: {} };
    const started = { eventId: long(index + 3), workflowTaskStartedEventAttributes: {} };
    return [event, scheduled, { ...started, eventTime: msToTs(random.int(1e6)) }];
  });
}

/** The first task is done, and the model is being asked. */
function asked(): HistoryRun {
  const run = new HistoryRun();
  run.task(() => run.schedule(INFER));
  return run;
}

/** The model has called two tools. */
function called(): HistoryRun {
  const run = asked();
  const calls = [call, { ...call, call_id: 'c2' }];
  run.arrive(settled(INFER, [batch(INFER, 0, [inferenceStarted('a'), answered('a')])], { calls }));
  run.task(() => run.schedule(TOOL, OTHER_TOOL));
  return run;
}

function signal(published: Batch): Delivery {
  return { kind: 'signal', batch: published };
}

function settled(
  source: string,
  batches: readonly Batch[],
  more: Omit<Extract<Delivery, { kind: 'settled' }>['done'], 'epoch' | 'attempt' | 'batches'> = {},
): Delivery {
  return { kind: 'settled', source, done: { epoch: 1000, attempt: 1, batches, ...more } };
}

function closed(source: string, thrown: Extract<Delivery, { kind: 'closed' }>['thrown']): Delivery {
  const who = source.startsWith('infer') ? 'model' : 'tool';
  return { kind: 'closed', source, thrown, end: sourceEndOf(thrown, who) };
}

function endOf(thrown: Error, cancelRequested: boolean) {
  return sourceEndOf(thrown, 'model', { cancelRequested });
}

function timeout(): TimeoutFailure {
  return new TimeoutFailure('activity Heartbeat timeout', undefined, 'HEARTBEAT');
}
