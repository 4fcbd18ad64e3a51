// Attempts that are lost without a word, handed over, or come back when another one does their work.

import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { TurnFailedError } from '../src/client/index.js';
import type { TurnEvent } from '../src/events.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, startProxy, when } from '../src/testing/index.js';
import type { KillableProcess } from '../src/testing/index.js';
import { attemptsAgents } from './support/attempts-agents.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';
import { startProgram } from './support/worker-process.js';

const LONG = Array.from({ length: 400 }, (_, i) => `word${i}`).join(' ');
const workers: KillableProcess[] = [];

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('fatal', eachTurn([reply.functionCall('die'), reply.text('It is dead.')])),
      // Sockets would take the whole rest of the stream while nobody reads.
      when(/^(asleep|cut off)/, () => [reply.text(LONG, { perSecond: 50 }), reply.stall(60, { times: 1 })]),
      () => reply.text(LONG, { perSecond: 50 }),
    ),
  });
  rig = await startRig({
    agents: attemptsAgents({ die: () => undefined }),
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { enableNonLocalActivities: false },
  });
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

/** `address`: a proxy to Temporal. */
async function startWorker(address?: string): Promise<KillableProcess> {
  const program = { main: 'attempts-worker', env: { BUNDLE: '' } };
  const worker = await startProgram(rig.taskQueue, model.url, program, address);
  workers.push(worker);
  return worker;
}

const start = (agent: string, input: string) => rig.turns.start({ agent, input });
const requestsOf = (prompt: string) => model.modelRequests.filter(({ body }) => body?.['input'] === prompt);

/** The n-th request of a turn, from 1, once it has been answered with so many events. */
async function streaming(prompt: string, n = 1, events = 40) {
  return model.waitForRequest((entry) => entry === requestsOf(prompt)[n - 1] && entry.sent_events >= events);
}

const textsOf = (events: readonly TurnEvent[]) =>
  ofType(events, 'step_progress')
    .map(({ delta }) => (delta.type === 'text' ? delta.text : ''))
    .join('');
const cancelsOf = (id: string | undefined) =>
  model.requests.filter(({ path }) => path === `/v1/responses/${id}/cancel`);

describe('a worker that is killed', () => {
  test('leaves a response in the background to the next one', async () => {
    const worker = await startWorker();
    const turn = await start('background', 'killed');
    await streaming('killed');
    await worker.restart();
    const events = await seenBy(rig, turn);

    expect(ofType(events, 'step_superseded')).toEqual([]);
    expect(textsOf(events)).toBe(LONG);
    expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG, num_steps: 1 });
    expect(requestsOf('killed')).toHaveLength(1);
  });

  test('at every attempt that is allowed fails the turn with a type', async () => {
    const worker = await startWorker();
    const turn = await start('twice', 'killed twice');
    await streaming('killed twice', 1);
    await worker.kill();
    await worker.restart();
    await streaming('killed twice', 2);
    await worker.kill();
    await worker.restart();
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { code: 'attempts_lost', source: 'model', attempt: 3 },
    });
    await expect(turn.result()).rejects.toBeInstanceOf(TurnFailedError);
    expect(requestsOf('killed twice')).toHaveLength(2);
  });

  test('by a tool at its last attempt ends the step of the tool, and the model is told', async () => {
    const worker = await startWorker();
    const turn = await start('connected', 'fatal tool');
    await worker.exited;
    await worker.restart();
    const events = await seenBy(rig, turn);

    const failed = ofType(events, 'step_completed').filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ step_type: 'tool_execution', error: { code: 'timeout_heartbeat' } }]);
    expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'It is dead.' });
  });

  test.each(['connected', 'background'])('together with a cancel asks no more (%s)', async (agent) => {
    const prompt = `cancelled and killed, ${agent}`;
    const worker = await startWorker();
    const turn = await start(agent, prompt);
    const { response_id } = await streaming(prompt);
    await Promise.all([worker.kill(), turn.cancel()]);
    await worker.restart();
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled' });
    expect(requestsOf(prompt)).toHaveLength(1);
    expect(cancelsOf(response_id)).toHaveLength(agent === 'background' ? 1 : 0);
  });
});

test('a worker that is cut off from Temporal closes its request before another one is made', async ({
  onTestFinished,
}) => {
  const toTemporal = await startProxy({ target: inject('temporalAddress') });
  onTestFinished(() => toTemporal.stop());
  await startWorker(toTemporal.address);
  const { id: conversation } = await new OpenAI({ apiKey: 'k', baseURL: model.url }).conversations.create({});
  const turn = await rig.turns.start({ agent: 'connected', input: 'cut off', conversation });
  const first = await streaming('cut off');
  await startWorker();
  toTemporal.stall();
  await seenBy(rig, turn);

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG });
  const [, ...later] = requestsOf('cut off');
  expect(later).toHaveLength(1);
  expect(first.client_closed_at).toBeDefined();
  expect(later.every(({ at }) => at >= (first.client_closed_at ?? at))).toBe(true);
});

describe('a worker that sleeps past its heartbeat timeout and wakes up', () => {
  test.each(['connected', 'background'])('has lost its place, and leaves (%s)', async (agent) => {
    const prompt = `asleep, ${agent}`;
    const sleeper = await startWorker();
    const turn = await start(agent, prompt);
    const first = await streaming(prompt);
    sleeper.pause();
    await startWorker();
    if (agent === 'connected') await streaming(prompt, 2);
    else
      await model.waitForRequest(
        ({ path, method }) => method === 'GET' && path.endsWith(`${first.response_id}`),
      );
    sleeper.resume();
    const events = await seenBy(rig, turn);

    await model.waitForRequest((entry) => entry === first && entry.finished);
    expect(first.client_closed).toBe(true);
    expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG, num_steps: 1 });
    expect(requestsOf(prompt)).toHaveLength(agent === 'connected' ? 2 : 1);
    expect(ofType(events, 'step_superseded')).toHaveLength(agent === 'connected' ? 1 : 0);
    // One that wakes up after the end may tidy up what is over; nobody disturbs a turn that runs.
    const [end] = events.slice(-1).flatMap((event) => ('at' in event ? [event.at] : []));
    expect(cancelsOf(first.response_id).filter(({ at }) => at < (end ?? ''))).toEqual([]);
    expect(sleeper.diedAlone).toBeUndefined();
  });
});

test('hand-overs are no tries: the turn goes on after more of them than attempts are allowed', async () => {
  const worker = await startWorker();
  const turn = await start('twice', 'handed over');
  for (let attempt = 1; attempt <= 4; attempt++) {
    await streaming('handed over', attempt, 20);
    await worker.restart();
  }
  const events = await seenBy(rig, turn);

  const reasons = ofType(events, 'step_superseded').map(({ reason }) => reason.code);
  expect(reasons).toEqual(['hand_over', 'hand_over', 'hand_over', 'hand_over']);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG });
  expect(requestsOf('handed over')).toHaveLength(5);
});

test('a signal that was accepted while its answer got lost is sent again, and told once', async () => {
  let lost = 0;
  const other = await startRig({
    agents: attemptsAgents({ die: () => undefined }),
    openai: { apiKey: 'k', baseURL: model.url },
    worker: {
      interceptors: {
        client: {
          workflow: [
            {
              signal: async (input, next) => {
                await next(input);
                if (input.signalName !== 'publish' || lost === 3) return;
                lost += 1;
                throw new Error('the answer got lost');
              },
            },
          ],
        },
      },
    },
  });
  const turn = await other.turns.start({ agent: 'background', input: 'lost answers' });
  const events = await seenBy(other, turn);

  expect(lost).toBe(3);
  expect(textsOf(events)).toBe(LONG);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG });
  await other.stop();
});
