// What becomes of a turn when Temporal dies or the way to it breaks: for its worker, and for those who watch.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { TestContext } from 'vitest';
import { TurnClient } from '../src/client/index.js';
import type { EventWithId, TurnHandle } from '../src/client/index.js';
import {
  atEvent,
  firstOf,
  killAt,
  reply,
  ScriptedResponsesServer,
  startKillableTemporal,
  startProxy,
  when,
} from '../src/testing/index.js';
import type { KillableProcess, KillableTemporal, RequestEntry, TcpProxy } from '../src/testing/index.js';
import { brokenSteps } from './support/step-lives.js';
import { ofType, seenBy, watch } from './support/watch.js';
import { startProgram } from './support/worker-process.js';

const WORDS = Array.from({ length: 300 }, (_, i) => `word${i}`).join(' ');

type Finished = TestContext['onTestFinished'];

let model: ScriptedResponsesServer;

beforeAll(async () => {
  const answer = reply.text(WORDS, { perSecond: 50 });
  model = await ScriptedResponsesServer.start({
    // The first answer to a worker that will sleep never comes to its end.
    script: firstOf(
      when('asleep', () => [answer, reply.stall(80, { times: 1 })]),
      () => answer,
    ),
  });
});

afterAll(() => model?.stop());

async function startWorker(finished: Finished, taskQueue: string, address: string): Promise<KillableProcess> {
  const worker = await startProgram(taskQueue, model.url, undefined, address);
  finished(async () => {
    await worker.stop();
    // A rejection that nobody handles ends a process of Node.
    expect(worker.diedAlone).toBeUndefined();
  });
  return worker;
}

async function connect(finished: Finished, address: string, taskQueue: string) {
  const connection = await Connection.connect({ address });
  finished(() => connection.close());
  const client = new Client({ connection, namespace: inject('temporalNamespace') });
  return { client, turns: new TurnClient({ client, taskQueue }) };
}

/** A worker of its own on `address`, and a client that may take another way. */
async function setUp(finished: Finished, address: string, watchers = address) {
  const taskQueue = `chaos-${randomUUID()}`;
  const worker = await startWorker(finished, taskQueue, address);
  return { worker, ...(await connect(finished, watchers, taskQueue)) };
}

async function temporalToKill(finished: Finished): Promise<KillableTemporal> {
  const temporal = await startKillableTemporal();
  finished(() => temporal.stop());
  return temporal;
}

async function proxyTo(finished: Finished, target: string): Promise<TcpProxy> {
  const proxy = await startProxy({ target });
  finished(() => proxy.stop());
  return proxy;
}

/** The input is the turn's id, so that its requests can be told from others. */
function start(turns: TurnClient, name = 'awake'): Promise<TurnHandle> {
  const turnId = `${name}-${randomUUID()}`;
  return turns.start({ agent: 'assistant', input: turnId }, { turnId });
}

/** Somebody watched all the time, and saw what everybody sees: nothing missing, nothing twice. */
async function expectWhole(client: Client, turn: TurnHandle, seen: readonly EventWithId[]): Promise<void> {
  expect(await seenBy({ client }, turn)).toEqual(seen);
  expect(brokenSteps(seen)).toEqual([]);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: WORDS, num_steps: 1 });
}

const requestsOf = ({ turnId }: TurnHandle): readonly RequestEntry[] =>
  model.modelRequests.filter(({ body }) => body?.['input'] === turnId);

/** The attempt that its activity is at. */
async function attemptOf(client: Client, { turnId }: TurnHandle): Promise<number> {
  const { raw } = await client.workflow.getHandle(turnId).describe();
  return raw.pendingActivities?.[0]?.attempt ?? 1;
}

describe.concurrent('Temporal with a database', () => {
  test('killed and restarted in mid-turn: its worker and those who watch go on by themselves', async ({
    onTestFinished,
  }) => {
    const temporal = await temporalToKill(onTestFinished);
    const { client, turns } = await setUp(onTestFinished, temporal.address);
    const turn = await start(turns);
    const watching = watch(turn);
    await killAt(turn.events(), 'step_progress', 5, temporal);
    await temporal.restart();

    await expectWhole(client, turn, await watching);
    expect(requestsOf(turn)).toHaveLength(1);
  });

  test('down until after the end of the answer: the worker keeps it until somebody takes it', async ({
    onTestFinished,
  }) => {
    const temporal = await temporalToKill(onTestFinished);
    const { client, turns } = await setUp(onTestFinished, temporal.address);
    const turn = await start(turns);
    const watching = watch(turn);
    await killAt(turn.events(), 'step_progress', 5, temporal);
    await model.waitForRequest(({ body, finished }) => body?.['input'] === turn.turnId && finished);
    await temporal.restart();

    await expectWhole(client, turn, await watching);
  });

  test('paused and woken up', async ({ onTestFinished }) => {
    const temporal = await temporalToKill(onTestFinished);
    const { client, turns } = await setUp(onTestFinished, temporal.address);
    const turn = await start(turns);
    const watching = watch(turn);
    await atEvent(turn.events(), 'step_progress', 5, () => temporal.pause());
    await sleep(3000);
    temporal.resume();

    await expectWhole(client, turn, await watching);
    expect(requestsOf(turn)).toHaveLength(1);
  });
});

describe.concurrent('the way of a worker to Temporal, while it streams,', () => {
  const breaks: Readonly<Record<string, (proxy: TcpProxy) => unknown>> = {
    'is cut': (proxy) => proxy.cut(),
    'is reset': (proxy) => proxy.reset(),
    'is gone for a while': async (proxy) => {
      proxy.refuse();
      await sleep(1500);
      proxy.resume();
    },
    'falls silent for a while': async (proxy) => {
      proxy.stall();
      await sleep(1500);
      proxy.resume();
    },
    'loses the answers: signals are taken, and the worker does not know': async (proxy) => {
      proxy.swallow();
      await sleep(1500);
      proxy.resume();
    },
  };

  test.for(Object.keys(breaks))('%s', async (name, { onTestFinished }) => {
    const address = inject('temporalAddress');
    const proxy = await proxyTo(onTestFinished, address);
    const { client, turns } = await setUp(onTestFinished, proxy.address, address);
    const turn = await start(turns);
    const watching = watch(turn);
    for (const n of [3, 10]) await atEvent(turn.events(), 'step_progress', n, () => breaks[name]?.(proxy));

    await expectWhole(client, turn, await watching);
    expect(requestsOf(turn)).toHaveLength(1);
  });
});

describe.concurrent('a worker that sleeps for longer than its heartbeat timeout', () => {
  test('has lost its place when it wakes up, and stops asking and telling', async ({ onTestFinished }) => {
    const address = inject('temporalAddress');
    const { worker, client, turns } = await setUp(onTestFinished, address);
    const turn = await start(turns, 'asleep');
    const watching = watch(turn);
    await atEvent(turn.events(), 'step_progress', 5, () => worker.pause());
    await startWorker(onTestFinished, turns.taskQueue, address);
    // Temporal goes on giving tasks to a worker that sleeps: whose they will be then, nobody knows.
    while ((await attemptOf(client, turn)) === 1) await sleep(100);
    worker.resume();

    const events = await watching;
    await expectWhole(client, turn, events);
    expect(ofType(events, 'step_superseded')).toMatchObject([{ reason: { code: 'attempt_lost' } }]);
    expect(requestsOf(turn)).toHaveLength(2);
    await model.waitForRequest(({ body, client_closed }) => body?.['input'] === turn.turnId && client_closed);
  });
});

describe.concurrent('those who watch', () => {
  test('a hundred watchers whose ways are cut ten times miss nothing and hear nothing twice', async ({
    onTestFinished,
  }) => {
    const address = inject('temporalAddress');
    const proxy = await proxyTo(onTestFinished, address);
    const { client, turns } = await setUp(onTestFinished, address);
    const turn = await start(turns);
    const ways = await Promise.all(
      Array.from({ length: 10 }, () => connect(onTestFinished, proxy.address, turns.taskQueue)),
    );
    const watching = Array.from({ length: 100 }, (_, n) => {
      const way = ways[n % ways.length]?.turns ?? turns;
      return watch(way.getHandle(turn.turnId));
    });
    for (let n = 1; n <= 10; n += 1)
      await atEvent(turn.events(), 'step_progress', n * 3, () => (n % 2 === 0 ? proxy.cut() : proxy.reset()));

    const [first = [], ...others] = await Promise.all(watching);
    await expectWhole(client, turn, first);
    for (const other of others) expect(other).toEqual(first);
  });
});
