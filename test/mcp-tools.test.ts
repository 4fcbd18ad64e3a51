// Tools of an MCP server that our workers talk to, through a whole turn.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { expect, inject, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, mcpTools } from '../src/index.js';
import type { Tool } from '../src/index.js';
import { reply, script, ScriptedResponsesServer } from '../src/testing/index.js';
import { programArgs } from './support/programs.js';
import { startRig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

/** One turn in which the model calls the tool; gives what the model was told. */
async function turnWith(tools: readonly Tool[], name: string): Promise<unknown> {
  const model = await ScriptedResponsesServer.start({
    script: script([reply.functionCall(name, { text: 'hello' }), reply.text('done')]),
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools });
  const rig = await startRig({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
  try {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'Shout.' });
    const events = await seenBy(rig, turn);
    expect(ofType(events, 'step_started').at(1)).toMatchObject({
      metadata: { server_side: false, tool_type: 'function', tool_name: name },
    });
    const history = await rig.client.workflow.getHandle(turn.turnId).fetchHistory();
    const activities = (history.events ?? []).flatMap(
      (e) => e.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    expect(activities).toContain(name);
    const [output] = (model.modelRequests[1]?.body?.['input'] ?? []) as { output: unknown }[];
    return output?.output;
  } finally {
    await rig.stop();
    await model.stop();
  }
}

test('a server that is a process is started by its command, and its tools are activities', async () => {
  const mark = randomUUID();
  const { tools, close } = await mcpTools({
    name: 'loud',
    command: process.execPath,
    args: programArgs('test/support/mcp-server.ts', inject('programs')),
    env: { MARK: mark },
  });
  expect(await turnWith(tools, 'loud_shout')).toBe(`HELLO ${mark}`);
  await close();
});

test('a server at an address is asked over HTTP, with the headers that it wants', async () => {
  const seen: unknown[] = [];
  const http = createServer((request, response) => {
    seen.push(request.headers.authorization);
    const server = new McpServer({ name: 'test', version: '1' });
    server.registerTool('shout', { inputSchema: { text: z.string() } }, ({ text }) => ({
      content: [{ type: 'text', text: `${text}!` }],
    }));
    const transport = new StreamableHTTPServerTransport({});
    void server.connect(transport).then(() => transport.handleRequest(request, response));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const { tools, close } = await mcpTools({
    name: 'web',
    url: `http://127.0.0.1:${port}/mcp`,
    headers: { authorization: 'Bearer secret' },
  });

  expect(await turnWith(tools, 'web_shout')).toBe('hello!');
  expect(new Set(seen)).toEqual(new Set(['Bearer secret']));
  await close();
  http.closeAllConnections();
  http.close();
});

test('a server that is named twice, or not at all, is refused', async () => {
  const both = { name: 'a', url: 'http://127.0.0.1:1', command: 'node' };
  await expect(mcpTools(both)).rejects.toThrow('one of url, command and connect');
});
