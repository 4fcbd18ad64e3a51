// What is too large, comes too late or throws where nobody expects it: a typed end, and nothing done twice.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { InputAlreadyResolvedError } from '../src/client/index.js';
import type { TurnHandle } from '../src/client/index.js';
import type { InputRequired } from '../src/events.js';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const nothing = z.object({});
const ran: string[] = [];
const tool = (name: string, execute: () => unknown, more: object = {}) =>
  defineTool({
    name,
    parameters: nothing,
    retry: { maximumAttempts: 2, initialInterval: '50ms' },
    execute,
    ...more,
  });

const tools = [
  tool('large', () => 'x'.repeat(200_000)),
  defineTool({
    name: 'talkative',
    parameters: nothing,
    retry: { maximumAttempts: 1 },
    execute: (_args, { report }) => {
      report('x'.repeat(3_000_000));
      return 'done';
    },
  }),
  tool('wordy', () => {
    throw new Error('e'.repeat(1_500_000));
  }),
  defineTool({
    name: 'undecided',
    parameters: nothing,
    needsApproval: () => {
      throw new TypeError('no idea');
    },
    execute: () => 'ran',
  }),
  tool('fatal', () => Promise.reject(new Error('over')), {
    onFailure: 'fail-turn',
    retry: { maximumAttempts: 1 },
  }),
  tool('pay', () => ran.push('pay'), { needsApproval: true }),
  defineTool({ name: 'ask_human', parameters: nothing }),
];

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  const then = reply.text('done');
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('many large', eachTurn([Array.from({ length: 12 }, () => reply.functionCall('large')), then])),
      when('talkative', eachTurn([reply.functionCall('talkative'), then])),
      when('wordy', eachTurn([reply.functionCall('wordy'), then])),
      when('undecided', eachTurn([reply.functionCall('undecided'), then])),
      when('doomed', eachTurn([[reply.functionCall('fatal'), reply.functionCall('pay')], then])),
      when('human', eachTurn([reply.functionCall('ask_human'), then])),
      when('quoted', () => reply.functionCall('large', `{"text":"${String.raw`\"\n`.repeat(180_000)}"}`)),
    ),
  });
  const openai = { apiKey: 'k', baseURL: model.url };
  const agents = [
    defineAgent({ name: 'assistant', model: 'scripted', tools }),
    defineAgent({ name: 'silent', model: 'scripted', tools, publishing: { mode: 'off' } }),
  ];
  rig = await startRig({ agents, openai });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

const start = (input: string, agent = 'assistant') => rig.turns.start({ agent, input });
const requestsOf = (prompt: string) => model.modelRequests.filter(({ body }) => body?.['input'] === prompt);

async function question(turn: TurnHandle): Promise<InputRequired> {
  for await (const event of turn.events()) if (event.type === 'input_required') return event;
  throw new Error('the turn asked nothing');
}

test('outputs that are too much together give way, the largest first, and the turn goes on', async () => {
  const turn = await start('many large');
  await seenBy(rig, turn);

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'done' });
});

test('a result that Temporal would not take ends the turn, with one request', async () => {
  const turn = await start('quoted arguments', 'silent');
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_failed', error: { code: 'turn_too_large' } });
  expect(requestsOf('quoted arguments')).toHaveLength(1);
});

test('a report that no signal could carry is an error at the tool that makes it', async () => {
  const turn = await start('talkative');
  const events = await seenBy(rig, turn);

  const failed = ofType(events, 'step_completed').find(({ status }) => status === 'failed');
  expect(failed?.error?.message).toMatch(/ctx\.report of talkative: 3000002 bytes/);
});

test('a long error message is told short, and the tool is not run more often for it', async () => {
  const turn = await start('wordy');
  const events = await seenBy(rig, turn);

  const failed = ofType(events, 'step_completed').find(({ status }) => status === 'failed');
  expect(failed?.error).toMatchObject({ code: 'Error', attempt: 2 });
  expect(failed?.error?.message.length).toBeLessThan(5000);
});

test('needsApproval that throws fails the turn with its name, and the model is not asked again', async () => {
  const turn = await start('undecided');
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_failed', error: { code: 'invalid_agent' } });
  expect(ofType(events, 'step_superseded')).toEqual([]);
  expect(requestsOf('undecided')).toHaveLength(1);
});

test('in a turn that has failed nobody is asked any more, and nothing new is run', async () => {
  const turn = await start('doomed');
  const asked = await question(turn);
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_failed', error: { code: 'Error' } });
  expect(ofType(events, 'input_resolved')).toMatchObject([{ decision: 'cancelled' }]);
  await expect(turn.approve(asked)).rejects.toBeInstanceOf(InputAlreadyResolvedError);
  expect(ran).toEqual([]);
});

test('of two outputs for one question the first one counts, and the other is refused', async () => {
  const turn = await start('human');
  const asked = await question(turn);
  const answers = await Promise.allSettled([
    turn.submitToolOutput(asked, 'first'),
    turn.submitToolOutput(asked, 'second'),
  ]);
  await seenBy(rig, turn);

  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
