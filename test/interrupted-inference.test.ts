// What becomes of a turn when the model's server, the connection or the worker fails while the model speaks.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TurnCancelledError, TurnFailedError } from '../src/client/index.js';
import { defineAgent } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const LONG = Array.from({ length: 400 }, (_, i) => `word${i}`).join(' ');
/** Of a text in one delta, the terminal one included. */
const EVENTS = 9;
const HUGE = 'x'.repeat(3_000_000);

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when(
        'cut',
        eachTurn([[reply.text('lost words ', { perSecond: 20 }), reply.cut()], reply.text('the answer')]),
      ),
      when('short of breath', eachTurn([[reply.text('lost words '), reply.end()], reply.text('the answer')])),
      when('reset behind its end', () => [reply.text('x', { deltas: 1 }), reply.reset(EVENTS)]),
      when('busy', eachTurn([reply.status(503, { retryAfter: 0 }), reply.text('the answer')])),
      when('never', () => reply.status(500, { message: 'always down' })),
      when('no quota', () =>
        reply.status(429, { code: 'insufficient_quota', message: 'You have no quota left.' }),
      ),
      when('failed response', () => [
        reply.text('half '),
        reply.fail({ code: 'invalid_prompt', message: 'Not this prompt.' }),
      ]),
      when('slow', () => reply.text(LONG, { perSecond: 50 })),
      when('huge', () => reply.text(HUGE, { deltas: 30_000 })),
      when('limit of tokens', () => [reply.text('half an answer'), reply.incomplete('max_output_tokens')]),
    ),
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', inference: { maximumAttempts: 3 } });
  rig = await startRig({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

const start = (input: string) => rig.turns.start({ agent: 'assistant', input });
const requestsOf = (prompt: string) => model.modelRequests.filter(({ body }) => body?.['input'] === prompt);

describe('an answer that breaks off', () => {
  test.each(['cut one', 'short of breath'])(
    'is asked for again, and what was said is void (%s)',
    async (prompt) => {
      const turn = await start(prompt);
      const events = await seenBy(rig, turn);

      const superseded = ofType(events, 'step_superseded');
      expect(superseded).toMatchObject([{ was_completed: false, reason: { code: 'stream_interrupted' } }]);
      expect(superseded[0]?.retry_at).toBeDefined();
      expect(await turn.result()).toMatchObject({
        status: 'completed',
        final_text: 'the answer',
        num_steps: 1,
      });
      expect(requestsOf(prompt)).toHaveLength(2);
    },
  );

  test.each(['reset behind its end'])(
    'with its connection, when it is whole, is the answer (%s)',
    async (prompt) => {
      const turn = await start(prompt);
      const events = await seenBy(rig, turn);

      expect(ofType(events, 'step_superseded')).toEqual([]);
      expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'x' });
      expect(requestsOf(prompt)).toMatchObject([{ sent_events: EVENTS }]);
    },
  );

  test('a server that is busy is asked again, and watchers hear why they wait', async () => {
    const turn = await start('busy server');
    const events = await seenBy(rig, turn);

    expect(ofType(events, 'step_superseded')).toMatchObject([{ reason: { code: 'server_error' } }]);
    expect((await turn.result()).final_text).toBe('the answer');
  });

  test('a server that stays down fails the turn after the attempts that were allowed', async () => {
    const turn = await start('never up');
    const events = await seenBy(rig, turn);

    const error = await turn.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TurnFailedError);
    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { http_status: 500, source: 'model', attempt: 3 },
    });
    expect(requestsOf('never up')).toHaveLength(3);
  });

  test.each(['no quota left', 'failed response'])(
    'what will not pass is not tried again (%s)',
    async (prompt) => {
      const turn = await start(prompt);
      const events = await seenBy(rig, turn);

      expect(events.at(-1)).toMatchObject({ type: 'turn_failed', error: { retryable: false } });
      expect(requestsOf(prompt)).toHaveLength(1);
    },
  );

  test('an incomplete response ends the turn as incomplete, with its text', async () => {
    const turn = await start('limit of tokens');
    await seenBy(rig, turn);

    expect(await turn.result()).toMatchObject({
      status: 'incomplete',
      stop_reason: 'max_output_tokens',
      final_text: 'half an answer',
    });
  });

  test('an answer of 3 MB ends in a typed failure, with one request', async () => {
    const turn = await start('huge answer');
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { code: 'turn_too_large', source: 'limit' },
    });
    expect(requestsOf('huge answer')).toHaveLength(1);
  });
});

test('a cancelled turn closes the socket, keeps what was said, and asks no more', async () => {
  const turn = await start('slow, to be cancelled');
  await model.waitForRequest(
    (entry) => entry.body?.['input'] === 'slow, to be cancelled' && entry.sent_events > 20,
  );
  await turn.cancel();
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled', num_steps: 1 });
  const [step] = ofType(events, 'step_completed');
  expect(step).toMatchObject({ status: 'cancelled', step_type: 'inference' });
  expect(step?.step_type === 'inference' && step.result.text_content).toMatch(/^word0 word1 /);
  expect(requestsOf('slow, to be cancelled')).toMatchObject([{ client_closed: true }]);
  await expect(turn.result()).rejects.toBeInstanceOf(TurnCancelledError);
});

test('a worker that shuts down hands its turn to another one at once', async () => {
  const agent = defineAgent({ name: 'assistant', model: 'scripted' });
  const openai = { apiKey: 'k', baseURL: model.url };
  const first = await startRig({ agents: [agent], openai });
  const turn = await first.turns.start({ agent: 'assistant', input: 'slow, handed over' });
  await model.waitForRequest(
    (entry) => entry.body?.['input'] === 'slow, handed over' && entry.sent_events > 20,
  );
  await first.stopWorker();
  const second = await startRig({ agents: [agent], openai, taskQueue: first.taskQueue });
  const events = await seenBy(second, turn);

  expect(ofType(events, 'step_superseded')).toMatchObject([{ reason: { code: 'hand_over' } }]);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG });
  expect(requestsOf('slow, handed over')).toHaveLength(2);
  await second.stop();
  await first.stop();
});
