// The plugin in workers that have workflows, activities and plugins of their own.

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { SimplePlugin } from '@temporalio/plugin';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { TurnClient, TurnNotFoundError } from '../src/client/index.js';
import { defineAgent, DurableTurnsPlugin } from '../src/index.js';
import { reply, ScriptedResponsesServer } from '../src/testing/index.js';

const path = (name: string) => fileURLToPath(new URL(`workflows/${name}.ts`, import.meta.url));
const agent = defineAgent({ name: 'assistant', model: 'scripted' });

let model: ScriptedResponsesServer;
let native: NativeConnection;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const address = inject('temporalAddress');
  model = await ScriptedResponsesServer.start({ script: () => reply.text('Follow your curiosity.') });
  native = await NativeConnection.connect({ address, plugins: [] });
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace: inject('temporalNamespace') });
});

afterAll(async () => {
  await connection?.close();
  await native?.close();
  await model?.stop();
});

const ours = () => new DurableTurnsPlugin({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
const workerWith = (options: Partial<WorkerOptions>, taskQueue: string = randomUUID()) =>
  Worker.create({
    connection: native,
    namespace: inject('temporalNamespace'),
    taskQueue,
    plugins: [ours()],
    shutdownGraceTime: '100ms',
    ...options,
  });
const start = (workflowType: string, taskQueue: string, ...args: unknown[]) =>
  client.workflow.execute(workflowType, { taskQueue, workflowId: randomUUID(), args });

describe("a worker with the user's own workflows, activities and plugin", () => {
  const taskQueue = randomUUID();
  const ran: string[] = [];
  const activities = { shout: (text: string) => Promise.resolve(text.toUpperCase()) };
  class Noting extends SimplePlugin {
    override async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
      ran.push('started');
      await next(worker);
      ran.push('stopped');
    }
  }
  const plugins = () => [new Noting({ name: 'noting' }), ours()];

  test('runs all of them', async () => {
    const worker = await workerWith(
      { workflowsPath: path('mine'), activities, plugins: plugins() },
      taskQueue,
    );
    const turnId = `turn-${randomUUID()}`;
    await worker.runUntil(async () => {
      expect(await start('ask', taskQueue, turnId)).toBe('FOLLOW YOUR CURIOSITY.');
      expect(await start('unheardOf', taskQueue)).toBe('nobody else takes unheardOf');
      const turns = new TurnClient({ client, taskQueue });
      const turn = await turns.start({ agent: 'assistant', input: 'Hi' });
      expect(await turn.result()).toMatchObject({
        status: 'completed',
        final_text: 'Follow your curiosity.',
      });
      // A turn that a workflow runs is followed like any other.
      expect(await turns.getHandle(turnId).progress()).toMatchObject({
        state: 'completed',
        agent: 'assistant',
      });
    });
    expect(ran).toEqual(['started', 'stopped']);
  });
});

test('cancelling a turn that has ended leaves it as it is, and one that never was is not found', async () => {
  const taskQueue = randomUUID();
  const turns = new TurnClient({ client, taskQueue });
  const worker = await workerWith({}, taskQueue);
  await worker.runUntil(async () => {
    const turn = await turns.start({ agent: 'assistant', input: 'Hi' });
    await turn.result();
    await turn.cancel();
    expect((await turn.progress()).state).toBe('completed');
  });
  await expect(turns.getHandle('nobody').cancel()).rejects.toThrow(TurnNotFoundError);
});

describe('a workflow of the user under the name of ours', () => {
  test('keeps the worker from starting, and the message names it', async () => {
    const worker = workerWith({ workflowsPath: path('clash') });
    await expect(worker).rejects.toThrow(/workflow agentTurn exists twice/);
  });

  test('is none when it is ours, handed on', async () => {
    const taskQueue = randomUUID();
    const worker = await workerWith({ workflowsPath: path('reexport') }, taskQueue);
    await worker.runUntil(async () => {
      expect(await start('greet', taskQueue)).toBe('hello');
      const turn = await new TurnClient({ client, taskQueue }).start({ agent: 'assistant', input: 'Hi' });
      expect(await turn.result()).toMatchObject({ status: 'completed' });
    });
  });
});

test('given to the connection and to the worker, the plugin is applied once', async () => {
  const plugin = ours();
  const shared = await NativeConnection.connect({ address: inject('temporalAddress'), plugins: [plugin] });
  const taskQueue = randomUUID();
  try {
    const worker = await workerWith(
      { connection: shared, plugins: [plugin], workflowsPath: path('mine') },
      taskQueue,
    );
    await worker.runUntil(async () => {
      const turn = await new TurnClient({ client, taskQueue }).start({ agent: 'assistant', input: 'Hi' });
      expect(await turn.result()).toMatchObject({ status: 'completed' });
    });
  } finally {
    await shared.close();
  }
});

test('a worker that stops leaves the other workers of its plugin alone', async () => {
  const plugin = ours();
  const [first, second] = [randomUUID(), randomUUID()];
  const stopping = await workerWith({ plugins: [plugin] }, first);
  const staying = await workerWith({ plugins: [plugin] }, second);
  await staying.runUntil(async () => {
    await stopping.runUntil(Promise.resolve());
    const turn = await new TurnClient({ client, taskQueue: second }).start({
      agent: 'assistant',
      input: 'Hi',
    });
    expect(await turn.result()).toMatchObject({ status: 'completed' });
    expect((await turn.progress()).steps.map(({ state }) => state)).toEqual(['completed']);
  });
});
