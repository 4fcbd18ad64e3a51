// What a turn costs in Temporal's history, and that watching it costs nothing.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import type { TurnHandle } from '../src/client/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { seenBy, watch } from './support/watch.js';

const LONG = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
const WATCHERS = 20;

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('tool', eachTurn([reply.functionCall('add_up', { a: 1, b: 2 }), reply.text('It is 3.')])),
      when('slow', () => reply.text(LONG, { perSecond: 40 })),
      when('plain', () => reply.text('A plain answer.')),
    ),
  });
  const addUp = defineTool({
    name: 'add_up',
    parameters: z.object({ a: z.number(), b: z.number() }),
    execute: ({ a, b }) => a + b,
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools: [addUp] });
  rig = await startRig({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

const start = (input: string) => rig.turns.start({ agent: 'assistant', input });

async function historyLength({ turnId }: TurnHandle): Promise<number> {
  return (await rig.client.workflow.getHandle(turnId).describe()).historyLength;
}

test('a plain turn takes at most 11 history events', async () => {
  const turn = await start('plain');
  await turn.result();

  expect(await historyLength(turn)).toBeLessThanOrEqual(11);
});

test('a turn with one quick tool takes at most 23', async () => {
  const turn = await start('tool');
  expect((await turn.result()).final_text).toBe('It is 3.');

  expect(await historyLength(turn)).toBeLessThanOrEqual(23);
});

test('a plain turn takes no more with 20 watchers', async () => {
  const turn = await start('plain, watched');
  await Promise.all(Array.from({ length: WATCHERS }, () => watch(turn)));

  expect(await historyLength(turn)).toBeLessThanOrEqual(11);
});

test('20 watchers see the same and add not one event', async () => {
  const turn = await start('slow, watched');
  const seen = await Promise.all(Array.from({ length: WATCHERS }, () => watch(turn)));
  const before = await historyLength(turn);

  expect(new Set(seen.map((events) => JSON.stringify(events))).size).toBe(1);
  expect(await typesIn(turn)).toEqual(TYPES_OF_A_TURN);
  expect(await seenBy(rig, turn)).toEqual(seen[0]);
  expect(await historyLength(turn)).toBe(before);
});

/**
 * How many signals a stream takes depends on the machine's pace, so two runs cannot be compared by length.
 * A watcher that left a trace would show as something else than what a turn needs: signals by its own
 * activity, its workflow tasks, one activity.
 */
const TYPES_OF_A_TURN = new Set([
  'workflowExecutionStarted',
  'workflowTaskScheduled',
  'workflowTaskStarted',
  'workflowTaskCompleted',
  'workflowExecutionSignaled publish',
  'activityTaskScheduled infer',
  'activityTaskStarted',
  'activityTaskCompleted',
  'workflowExecutionCompleted',
]);

async function typesIn({ turnId }: TurnHandle): Promise<ReadonlySet<string>> {
  const { events } = await rig.client.workflow.getHandle(turnId).fetchHistory();
  return new Set(
    (events ?? []).map((event) => {
      const name = event.workflowExecutionSignaledEventAttributes?.signalName;
      const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
      const type = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';
      return [type.replace(/EventAttributes$/, ''), name ?? activity].filter(Boolean).join(' ');
    }),
  );
}
