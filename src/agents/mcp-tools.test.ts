import { expect, test, vi } from 'vitest';
import { ConfigurationError } from './configuration-error.js';
import type { McpClient, McpToolInfo } from './mcp-client.js';
import { mcpOutput } from './mcp-client.js';
import { mcpTools } from './mcp-tools.js';
import type { Tool, ToolContext } from './tool.js';

const inputSchema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
const read: McpToolInfo = { name: 'fs/read', description: 'Reads a file.', inputSchema };
const write: McpToolInfo = { name: 'write', inputSchema };

function server(callTool: McpClient['callTool'] = () => Promise.resolve({ content: [] })) {
  const client = {
    listTools: vi.fn<McpClient['listTools']>((params) =>
      Promise.resolve(params ? { tools: [write] } : { tools: [read], nextCursor: 'more' }),
    ),
    callTool: vi.fn<McpClient['callTool']>(callTool),
    close: vi.fn<McpClient['close']>(() => Promise.resolve()),
  };
  const connect = vi.fn<() => Promise<McpClient>>(() => Promise.resolve(client));
  return { client, connect, options: { name: 'files', connect } };
}

const reports: unknown[] = [];
const context = {
  idempotencyKey: 'key',
  signal: new AbortController().signal,
  report: (data) => reports.push(data),
} as Partial<ToolContext> as ToolContext;
const call = (tool: Tool | undefined) => tool?.execute?.({ path: 'a' }, context);

test('every page is listed once, under names that the Responses API takes', async () => {
  const { client, connect, options } = server();
  const { tools } = await mcpTools(options);
  expect(tools.map(({ name, activityName }) => [name, activityName])).toEqual([
    ['files_fs_read', 'files_fs_read'],
    ['files_write', 'files_write'],
  ]);
  expect(tools[0]?.declaration).toMatchObject({
    type: 'function',
    description: 'Reads a file.',
    parameters: { type: 'object', required: ['path'] },
  });
  expect(client.listTools).toHaveBeenCalledTimes(2);
  expect(connect).toHaveBeenCalledTimes(1);
});

test('a call names the tool as the server does, with the idempotency key, and tells its progress', async () => {
  const { client, options } = server((_params, _schema, { onprogress }) => {
    onprogress({ progress: 1, total: 2 });
    return Promise.resolve({ content: [{ type: 'text', text: 'hello' }] });
  });
  const { tools } = await mcpTools(options);
  expect(await call(tools[0])).toBe('hello');
  expect(client.callTool.mock.calls[0]?.[0]).toEqual({
    name: 'fs/read',
    arguments: { path: 'a' },
    _meta: { 'durable-turns/idempotency_key': 'key' },
  });
  expect(reports).toEqual([{ progress: 1, total: 2 }]);
});

test('what the server calls an error is told and not tried again', async () => {
  const { options } = server(() =>
    Promise.resolve({ isError: true, content: [{ type: 'text', text: 'no such file' }] }),
  );
  const { tools } = await mcpTools(options);
  await expect(call(tools[0])).rejects.toMatchObject({ message: 'no such file', nonRetryable: true });
});

test.each<[string, object, number]>([
  ['a connection that is gone is made anew', { code: -32000 }, 2],
  ['an answer that is an error leaves the connection alone', { code: -32603 }, 1],
])('%s', async (_name, error, connections) => {
  const failing = vi
    .fn<McpClient['callTool']>()
    .mockRejectedValueOnce(Object.assign(new Error('failed'), error))
    .mockResolvedValue({ content: [{ type: 'text', text: 'ok' }] });
  const { connect, options } = server(failing);
  const { tools } = await mcpTools(options);
  await expect(call(tools[0])).rejects.toThrow('failed');
  expect(await call(tools[0])).toBe('ok');
  expect(connect).toHaveBeenCalledTimes(connections);
});

test('arguments that are no object go back to the model', async () => {
  const { tools } = await mcpTools(server().options);
  expect(await tools[0]?.parse('[]')).toEqual({ problem: 'they are no JSON object' });
  expect(await tools[0]?.parse('')).toEqual({ value: {} });
});

test('only what is allowed is there, and what is allowed has to be there', async () => {
  const { tools } = await mcpTools({ ...server().options, allow: ['write'] });
  expect(tools.map(({ name }) => name)).toEqual(['files_write']);
  const wrong = server();
  await expect(mcpTools({ ...wrong.options, allow: ['erase'] })).rejects.toThrow(ConfigurationError);
  expect(wrong.client.close).toHaveBeenCalled();
});

test('images travel as images, everything else as text', () => {
  const resource = { type: 'resource', resource: { uri: 'file:///a', text: 'inside' } };
  expect(mcpOutput({ content: [{ type: 'text', text: 'a' }, resource] }).output).toBe('a\ninside');
  expect(mcpOutput({ content: [], structuredContent: { n: 1 } }).output).toBe('{"n":1}');
  expect(mcpOutput({ content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }).output).toEqual([
    { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AAAA' },
  ]);
});
