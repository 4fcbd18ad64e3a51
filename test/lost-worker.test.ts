// A worker that dies in the middle of an answer: nobody could say a word, and the turn goes on elsewhere.

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { TurnClient } from '../src/client/index.js';
import { reply, ScriptedResponsesServer } from '../src/testing/index.js';
import { startWorkerProcess } from './support/worker-process.js';
import { ofType, seenBy } from './support/watch.js';

const LONG = Array.from({ length: 300 }, (_, i) => `word${i}`).join(' ');

let model: ScriptedResponsesServer;
let connection: Connection;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({ script: () => reply.text(LONG, { perSecond: 50 }) });
  connection = await Connection.connect({ address: inject('temporalAddress') });
});

afterAll(async () => {
  await connection?.close();
  await model?.stop();
});

test('a turn whose worker is killed is told anew by another worker, and nothing lost stands in its text', async () => {
  const taskQueue = `lost-${randomUUID()}`;
  const client = new Client({ connection, namespace: inject('temporalNamespace') });
  const turns = new TurnClient({ client, taskQueue });
  const first = await startWorkerProcess(taskQueue, model.url);
  const turn = await turns.start({ agent: 'assistant', input: 'go on' });
  await model.waitForRequest((entry) => entry.sent_events > 50);
  await first.end('SIGKILL');
  const second = await startWorkerProcess(taskQueue, model.url);
  const events = await seenBy({ client }, turn);

  expect(ofType(events, 'step_superseded')).toMatchObject([
    { was_completed: false, reason: { code: 'attempt_lost' } },
  ]);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG, num_steps: 1 });
  expect(model.modelRequests).toHaveLength(2);
  await second.end('SIGTERM');
  expect((await turn.progress()).end).toMatchObject({ final_text: LONG });
});
