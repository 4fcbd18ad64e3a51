// A worker that dies while nobody hears its heartbeats, with an answer in the conversation that it has not heard.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import OpenAI from 'openai';
import { expect, inject, test } from 'vitest';
import { TurnClient } from '../src/client/index.js';
import { reply, ScriptedResponsesServer, startProxy } from '../src/testing/index.js';
import { seenBy } from './support/watch.js';
import { startProgram } from './support/worker-process.js';

test('nothing is asked before Temporal knows what was in the conversation', async ({ onTestFinished }) => {
  let alone = true;
  const model = await ScriptedResponsesServer.start({
    // Its end is never heard by the first worker.
    script: () => [reply.text('the answer'), ...(alone ? [reply.stall(undefined, { committed: true })] : [])],
  });
  onTestFinished(() => model.stop());
  const toTemporal = await startProxy({ target: inject('temporalAddress') });
  onTestFinished(() => toTemporal.stop());
  // The way to Temporal falls silent at the moment at which the worker first turns to the model.
  const toModel = await startProxy({ target: model.url, faults: () => void toTemporal.stall() });
  onTestFinished(() => toModel.stop());
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  onTestFinished(() => connection.close());
  const client = new Client({ connection, namespace: inject('temporalNamespace') });
  const turns = new TurnClient({ client, taskQueue: `chaos-${randomUUID()}` });
  const openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  const { id: conversation } = await openai.conversations.create({});

  const first = await startProgram(turns.taskQueue, toModel.url, undefined, toTemporal.address);
  onTestFinished(() => first.stop());
  const turn = await turns.start({ agent: 'assistant', input: 'once', conversation });
  await model.waitForRequest(({ method, finished }) => method === 'GET' && finished);
  // Long enough for a request that must not come.
  await sleep(1000);
  await first.kill();
  // Or Temporal would go on giving tasks to the dead.
  toTemporal.reset();
  alone = false;
  const second = await startProgram(turns.taskQueue, model.url);
  onTestFinished(() => second.stop());
  await seenBy({ client }, turn);

  const said: string[] = [];
  for await (const item of openai.conversations.items.list(conversation)) {
    if (item.type === 'message') said.push(item.role);
  }
  expect(said.toSorted()).toEqual(['assistant', 'user']);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'the answer' });
});
