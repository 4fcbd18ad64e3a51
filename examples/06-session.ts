/**
 * A chat server in a few lines: each request starts or continues a session in one call, and its answer streams
 * back as text. The server itself keeps nothing, so any number of them can run side by side.
 *
 *   npx tsx examples/06-session.ts
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from '@temporalio/worker';
import { defineAgent, DurableTurnsPlugin } from 'durable-turns';
import { TurnClient } from 'durable-turns/client';
import { runExample } from './support.js';

const taskQueue = 'session';
const assistant = defineAgent({ name: 'assistant', model: 'gpt-5-mini', state: 'conversation' });

/** `POST /<session>` with the user's message; a client that repeats a request repeats its `Idempotency-Key`. */
function chat(turns: TurnClient) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const session = turns.session(decodeURIComponent(request.url?.slice(1) ?? ''), { agent: 'assistant' });
    const { 'idempotency-key': key } = request.headers;
    const turn = await session.send(await bodyOf(request), typeof key === 'string' ? { messageId: key } : {});
    for await (const { text } of turn.text()) response.write(text);
    response.end();
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

await runExample(async ({ connection, client, openai }) => {
  const worker = await Worker.create({
    connection,
    taskQueue,
    plugins: [new DurableTurnsPlugin({ agents: [assistant], openai })],
  });
  const turns = new TurnClient({ client, taskQueue });
  const handle = chat(turns);
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;

  const say = async (message: string, key: string): Promise<string> => {
    const headers = { 'idempotency-key': key };
    const url = `http://127.0.0.1:${port}/grace`;
    return (await fetch(url, { method: 'POST', body: message, headers })).text();
  };
  return worker.runUntil(async () => {
    console.log(await say('My name is Grace.', 'first'));
    const answer = await say('What can you do?', 'second');
    console.log(answer);
    // The network failed, say, and the client cannot know whether its message arrived.
    assert.equal(await say('What can you do?', 'second'), answer);

    const session = turns.session('grace');
    const { conversation, messages } = await session.progress();
    assert.ok(conversation);
    await session.close();
    server.close();
    return `06-session: ${messages} messages on one conversation, the repeated one answered once`;
  });
});
