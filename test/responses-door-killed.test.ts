// A client of the OpenAI SDK whose durable agent loses its worker in the middle of a word.

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import OpenAI from 'openai';
import type { Response as OpenAIResponse } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { TurnClient } from '../src/client/index.js';
import { createGateway } from '../src/gateway/index.js';
import { reply, ScriptedResponsesServer } from '../src/testing/index.js';
import { startWorkerProcess } from './support/worker-process.js';

const LONG = Array.from({ length: 200 }, (_, i) => `word${i}`).join(' ');

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

test('a client whose stream outlives a killed worker has one answer, and it is right', async () => {
  const taskQueue = `door-${randomUUID()}`;
  const client = new Client({ connection, namespace: inject('temporalNamespace') });
  const gateway = createGateway({ turns: new TurnClient({ client, taskQueue }), auth: 'none' });
  const openai = new OpenAI({
    apiKey: 'none',
    baseURL: 'http://localhost/v1',
    fetch: (url, init) => gateway.fetch(new Request(url, init)),
  });
  const first = await startWorkerProcess(taskQueue, model.url);
  try {
    const answer = openai.responses.stream({ model: 'assistant', input: 'go on' }).finalResponse();
    await model.waitForRequest((entry) => entry.sent_events > 50);
    await first.end('SIGKILL');
    const second = await startWorkerProcess(taskQueue, model.url);
    const response: OpenAIResponse = await answer;

    expect(response).toMatchObject({ status: 'completed', output_text: LONG });
    expect(await openai.responses.retrieve(response.id)).toMatchObject({ output_text: LONG });
    expect(model.modelRequests).toHaveLength(2);
    await second.end('SIGTERM');
  } finally {
    gateway.close();
  }
});
