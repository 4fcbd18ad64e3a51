// Our tools as activities: when they run, how they fail, and what model, watchers and operator hear of it.

import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import type { ToolContext } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const nothing = z.object({});
const seen: Pick<ToolContext, 'attempt' | 'idempotencyKey' | 'callId' | 'context'>[] = [];
let chats = 0;
let largeRuns = 0;
let holding: Promise<void> | undefined;

const tools = [
  defineTool({
    name: 'flaky',
    parameters: z.object({ word: z.string() }),
    retry: { maximumAttempts: 5, initialInterval: '200ms' },
    execute: ({ word }, { attempt, idempotencyKey, callId, context, report }) => {
      seen.push({ attempt, idempotencyKey, callId, context });
      report({ halfway: true });
      if (attempt < 3) throw new Error(`try ${attempt} did not work`);
      return { word, attempt };
    },
  }),
  defineTool({
    name: 'broken',
    parameters: nothing,
    execute: () => {
      throw ApplicationFailure.nonRetryable('The disk is full', 'DiskFull');
    },
  }),
  defineTool({
    name: 'fatal',
    parameters: nothing,
    retry: { maximumAttempts: 1 },
    onFailure: 'fail-turn',
    execute: () => {
      throw new Error('no way on');
    },
  }),
  defineTool({ name: 'verbose', parameters: nothing, maxOutputBytes: 100, execute: () => 'x'.repeat(200) }),
  defineTool({
    name: 'chatty',
    parameters: nothing,
    execute: (_args, { report }) => {
      chats += 1;
      for (let n = 1; n <= 200; n += 1) report({ n, filler: 'x'.repeat(15_000) });
      return 'said enough';
    },
  }),
  defineTool({
    name: 'large',
    parameters: nothing,
    maxOutputBytes: 4_000_000,
    retry: { initialInterval: '100ms' },
    execute: () => {
      largeRuns += 1;
      return 'x'.repeat(3_000_000);
    },
  }),
  defineTool({
    name: 'patient',
    parameters: nothing,
    execute: (_args, { signal }) =>
      new Promise((_resolve, reject) => {
        holding = new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            resolve();
            reject(new Error('stopped'));
          }),
        );
      }),
  }),
  defineTool({
    name: 'deaf',
    parameters: nothing,
    execute: () => new Promise(() => undefined),
  }),
  defineTool({
    name: 'add',
    parameters: z.object({ a: z.number(), b: z.number() }),
    execute: ({ a, b }) => a + b,
  }),
];

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  const then = reply.text('done');
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('flaky', eachTurn([reply.functionCall('flaky', { word: 'yes' }), then])),
      when(
        'broken',
        eachTurn([[reply.functionCall('broken'), reply.functionCall('add', { a: 1, b: 2 })], then]),
      ),
      when('fatal', eachTurn([reply.functionCall('fatal')])),
      when('verbose', eachTurn([reply.functionCall('verbose'), then])),
      when('chatty', eachTurn([reply.functionCall('chatty'), then])),
      when('large', eachTurn([reply.functionCall('large'), then])),
      when('patient', eachTurn([reply.functionCall('patient'), then])),
      when('deaf', eachTurn([reply.functionCall('deaf'), then])),
      when(
        'wrong',
        eachTurn([
          [
            reply.functionCall('add', { a: 'one' }),
            reply.functionCall('add', '{"a": 1,'),
            reply.functionCall('rm_rf', { path: '/' }),
            reply.functionCall('add', { a: 40, b: 2 }),
          ],
          then,
        ]),
      ),
      when('parallel', eachTurn([[1, 2, 3].map((a) => reply.functionCall('add', { a, b: a })), then])),
    ),
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools });
  rig = await startRig({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

/** What the model was told of its calls, in the order in which it was told. */
function outputsTold(prompt: string): unknown[] {
  const first = model.modelRequests.findIndex(({ body }) => body?.['input'] === prompt);
  const { input } = (model.modelRequests[first + 1]?.body ?? {}) as { input?: { output: unknown }[] };
  return (input ?? []).map(({ output }) => output);
}

const start = (input: string) => rig.turns.start({ agent: 'assistant', input, context: { user: 7 } });

test('a tool that fails twice and then works is one step, which shows both failures and the wait', async () => {
  const turn = await start('flaky');
  const events = await seenBy(rig, turn);

  const deltas = ofType(events, 'step_progress').filter(({ step_type }) => step_type === 'tool_execution');
  expect(deltas.map(({ delta }) => delta.type)).toEqual([
    ...['attempt_started', 'tool_report', 'attempt_failed'],
    ...['attempt_started', 'tool_report', 'attempt_failed'],
    ...['attempt_started', 'tool_report'],
  ]);
  const progress = await turn.progress();
  const step = progress.steps.find(({ step_type }) => step_type === 'tool_execution');
  expect(step).toMatchObject({
    state: 'completed',
    attempt: 3,
    report: { halfway: true },
    failed_attempts: [
      { attempt: 1, error: { message: 'try 1 did not work', code: 'Error' } },
      { attempt: 2, error: { message: 'try 2 did not work' } },
    ],
  });
  expect(step?.step_type === 'tool_execution' && step.failed_attempts[0]?.retry_at).toBeTruthy();
  expect(outputsTold('flaky')).toEqual([JSON.stringify({ word: 'yes', attempt: 3 })]);
});

test('every try of a call has the same idempotency key, and the context of the turn', () => {
  expect(seen).toHaveLength(3);
  expect(new Set(seen.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  expect(seen[0]).toMatchObject({ attempt: 1, context: { user: 7 } });
});

describe('a tool that fails for good', () => {
  test('is told to the model by its message alone, and leaves its siblings alone', async () => {
    const turn = await start('broken');
    const events = await seenBy(rig, turn);

    expect(outputsTold('broken')).toEqual(['The tool failed: The disk is full', '3']);
    const [failed] = ofType(events, 'step_completed').filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject({
      error: { code: 'DiskFull', message: 'The disk is full', retryable: false },
      result: { tool_responses: [{ content: 'The tool failed: The disk is full', is_error: true }] },
    });
    expect(JSON.stringify(events)).not.toMatch(/\.ts:\d+|node_modules/);
    expect(JSON.stringify(model.modelRequests)).not.toMatch(/\.ts:\d+|node_modules/);
    expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'done' });
  });

  test('fails the turn where the tool says so', async () => {
    const turn = await start('fatal');
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { source: 'tool', message: expect.stringContaining('no way on') as unknown },
      open_calls: [{ tool_name: 'fatal' }],
    });
  });

  test('says when it returned too much', async () => {
    const turn = await start('verbose');
    await seenBy(rig, turn);

    expect(outputsTold('verbose')).toEqual([
      expect.stringContaining('200 bytes, more than its maxOutputBytes of 100'),
    ]);
  });
});

describe('what Temporal would not take of a tool', () => {
  test('is not made of reports that nobody was told: the last ones stand', async () => {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'chatty', publishing: { mode: 'off' } });
    await seenBy(rig, turn);

    expect(outputsTold('chatty')).toEqual(['said enough']);
    expect(chats).toBe(1);
    const { steps } = await turn.progress();
    expect(steps.find(({ step_type }) => step_type === 'tool_execution')).toMatchObject({
      report: { n: 200 },
    });
  });

  test('is an output for which the tool does not run again', async () => {
    const turn = await start('large');
    await seenBy(rig, turn);

    expect(outputsTold('large')).toEqual([expect.stringContaining('more than Temporal takes')]);
    expect(largeRuns).toBe(1);
  });
});

test('wrong arguments and unknown tools are answered to the model without running anything', async () => {
  const turn = await start('wrong');
  const events = await seenBy(rig, turn);

  const [schema, json, unknown, right] = outputsTold('wrong');
  expect(schema).toMatch(/arguments of add do not fit: a: /);
  expect(json).toMatch(/not valid JSON/);
  expect(unknown).toMatch(/no tool named rm_rf/);
  expect(right).toBe('42');
  const steps = ofType(events, 'step_completed').filter(({ step_type }) => step_type === 'tool_execution');
  expect(steps.map(({ status }) => status).toSorted()).toEqual(['completed', 'failed', 'failed', 'failed']);
  expect(steps.find(({ error }) => error?.code === 'unknown_tool')).toMatchObject({
    result: { tool_calls: [{ tool_name: 'rm_rf' }], tool_responses: [{ content: unknown, is_error: true }] },
  });
});

test('parallel calls are answered in call order, in one request', async () => {
  const turn = await start('parallel');
  await seenBy(rig, turn);

  expect(outputsTold('parallel')).toEqual(['2', '4', '6']);
  expect(model.modelRequests.filter(({ body }) => body?.['input'] === 'parallel')).toHaveLength(1);
});

test('cancelling a turn stops its tool', async () => {
  const turn = await start('patient');
  for await (const event of turn.events()) {
    if (event.type === 'step_progress' && event.delta.type === 'attempt_started') break;
  }
  await turn.cancel();
  const events = await seenBy(rig, turn);
  await holding;

  expect(ofType(events, 'step_completed').at(-1)).toMatchObject({
    step_type: 'tool_execution',
    status: 'cancelled',
  });
  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled', open_calls: [{ tool_name: 'patient' }] });
});

test('a tool that ignores its signal does not hold a cancelled turn', async () => {
  const turn = await start('deaf');
  for await (const event of turn.events()) {
    if (event.type === 'step_progress' && event.delta.type === 'attempt_started') break;
  }
  await turn.cancel();
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled', open_calls: [{ tool_name: 'deaf' }] });
});
