// Requests that cannot be right: each is answered at once, with a problem that says why, and starts nothing.

import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serveGateway } from '../src/gateway/index.js';
import type { GatewayServer } from '../src/gateway/index.js';
import { defineAgent } from '../src/index.js';
import { ScriptedResponsesServer } from '../src/testing/index.js';
import { badRequests } from './support/bad-requests.js';
import { expectComponent, expectDocumented } from './support/documented.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

const SOUND = {
  startTurn: { agent: 'assistant', input: 'hi' },
  sendMessage: { agent: 'assistant', input: 'hi' },
  resolveInput: { decision: 'approve', arguments_hash: 'f'.repeat(64) },
};
const requests = badRequests(SOUND);

let model: ScriptedResponsesServer;
let rig: Rig;
let server: GatewayServer;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({});
  rig = await startRig({
    agents: [defineAgent({ name: 'assistant', model: 'scripted' })],
    openai: { apiKey: 'k', baseURL: model.url },
  });
  server = await serveGateway({ turns: rig.turns, port: 0, viewer: false, limits: { bodyMs: 200 } });
});

afterAll(async () => {
  await server?.close({ drainMs: 0 });
  await rig?.stop();
  await model?.stop();
});

test('of more than a hundred kinds are answered with a problem, and nothing is started', async () => {
  const starts = vi.spyOn(rig.turns, 'startOrFind');
  expect(requests.length).toBeGreaterThan(100);
  expect(new Set(requests.map(({ what }) => what)).size).toBe(requests.length);
  const sent = vi.spyOn(rig.client.workflow, 'signalWithStart');
  const wrong: string[] = [];
  for (const { what, method, path, headers = {}, body } of requests) {
    const url = server.url + path;
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const problem = await expectDocumented(method, url, response);
    const { status, code, detail } = Object(problem);
    const said = `${what}: ${response.status} ${String(response.headers.get('content-type'))} ${code}`;
    if (response.status < 400 || response.status > 499) wrong.push(said);
    else if (status !== response.status || !code || !detail) wrong.push(said);
    else if (response.headers.get('content-type') !== 'application/problem+json') wrong.push(said);
  }
  expect(wrong).toEqual([]);

  expect(starts.mock.settledResults.filter(({ type }) => type === 'fulfilled')).toEqual([]);
  expect(sent).not.toHaveBeenCalled();
  expect(model.modelRequests).toEqual([]);
});

test('name each place that is wrong', async () => {
  const body = JSON.stringify({
    agent: 7,
    limits: { max_seconds: 0, 'a/b': 1 },
    context: null,
    who: 'knows',
  });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/turns`, { method: 'POST', headers, body });

  const { errors } = Object(await response.json());
  expect(errors).toEqual(
    expect.arrayContaining([
      { path: '/input', message: 'is missing' },
      { path: '/who', message: 'is unknown here' },
      { path: '/agent', message: 'must be string' },
      { path: '/limits/max_seconds', message: 'must be >= 1' },
      { path: '/limits/a~1b', message: 'is unknown here' },
    ]),
  );
});

test('of an input that only the client can judge are refused by the field', async () => {
  const body = JSON.stringify({ agent: 'assistant', input: [{ type: 'wish' }] });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/turns`, { method: 'POST', headers, body });

  expect(await expectDocumented('POST', `${server.url}/turns`, response)).toMatchObject({
    status: 400,
    code: 'invalid_input',
    detail: expect.stringMatching(/input\[0\].* type "wish" is unknown/) as unknown,
  });
});

test.each([
  [
    'a body without a length that is too large',
    413,
    (write: (text: string) => void) => {
      for (let i = 0; i < 20; i++) write(`${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`);
    },
  ],
  ['a body that never ends', 408, (write: (text: string) => void) => write('4\r\n{"ag\r\n')],
])('with %s are answered too', async (_what, status, send) => {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    'POST /turns HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  );
  send((text) => socket.write(text));
  let said = '';
  for await (const bytes of socket) {
    said += String(bytes);
    if (said.includes('\r\n\r\n')) break;
  }
  socket.destroy();
  expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(said).toContain('application/problem+json');
});

test.each([
  ['nothing that HTTP knows', '\u0000\u0001\r\n\r\n', 400],
  ['a version that nobody speaks', 'GET / HTTP/9\r\n\r\n', 400],
  [
    'a method that pages may not use',
    'TRACE / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
    404,
  ],
  ['no host', 'GET /agents HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
  ['no host, as in the old days', 'GET /agents HTTP/1.0\r\n\r\n', 400],
  ['a host that is none', 'GET /agents HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n', 400],
  ['two hosts', 'GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil\r\nconnection: close\r\n\r\n', 403],
  ['no path', 'OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n', 400],
  ['large headers', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['two lengths', posting('content-length: 2\r\ntransfer-encoding: chunked', '2\r\n{}\r\n0\r\n\r\n'), 400],
  ['a negative length', posting('content-length: -2', '{}'), 400],
  ['chunks that are none', posting('transfer-encoding: chunked', 'zz\r\n{}\r\n'), 400],
])('that are no HTTP are answered with a problem: %s', async (_what, text, status) => {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(text);
  let said = '';
  for await (const bytes of socket) said += String(bytes);
  expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  const [head = '', body = ''] = said.split('\r\n\r\n');
  expect(head).toContain('application/problem+json');
  expectComponent('Problem', JSON.parse(body));
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('that break off are no riddle to anybody', async () => {
  const riddles: unknown[] = [];
  const own = await serveGateway({
    turns: rig.turns,
    port: 0,
    viewer: false,
    onError: (error) => riddles.push(error),
  });
  const socket = connect(own.port, '127.0.0.1');
  socket.write(posting('content-length: 200', '{"agent":'), () => setTimeout(() => socket.destroy(), 100));
  await vi.waitFor(async () => {
    const text = await (await fetch(`${own.url}/metrics`)).text();
    expect(text).toContain('route="/turns",method="POST",status="400"');
  }, 10_000);
  expect(riddles).toEqual([]);
  await own.close();
});

function posting(headers: string, body: string): string {
  return `POST /turns HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers}\r\n\r\n${body}`;
}
