// The gateway on a Node server: who may ask, what becomes of slow clients, of a gateway that ends, and of one
// whose Temporal or workers are away.

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { TurnClient } from '../src/client/index.js';
import { freePort } from '../src/dev/index.js';
import { createGateway, GatewayConfigurationError, serveGateway } from '../src/gateway/index.js';
import type { GatewayServer, ServeOptions } from '../src/gateway/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { GatewayClient } from './support/gateway-client.js';
import { Random } from './support/random.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { watch } from './support/watch.js';

const REPORTS = 100;

let model: ScriptedResponsesServer;
let rig: Rig;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  const pay = defineTool({
    name: 'pay',
    parameters: z.object({ amount: z.number() }),
    needsApproval: true,
    execute: ({ amount }) => `paid ${amount}`,
  });
  const report = defineTool({
    name: 'report',
    parameters: z.object({}),
    execute: async (_args, ctx) => {
      for (let i = 0; i < REPORTS; i++) {
        ctx.report(i);
        await sleep(25);
      }
      return REPORTS;
    },
  });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('slow', () => reply.text('word '.repeat(200), { perSecond: 100 })),
      when('large', () => reply.text('x'.repeat(600_000), { deltas: 10_000, perSecond: 60 })),
      when('report', eachTurn([reply.functionCall('report', {}), reply.text('done')])),
      when('pay', eachTurn([reply.functionCall('pay', { amount: 100 }), reply.text('done')])),
      () => reply.text('Hello.'),
    ),
  });
  const agents = [defineAgent({ name: 'assistant', model: 'scripted', tools: [pay, report] })];
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url } });
});

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

async function serve(
  options: Partial<ServeOptions> = {},
): Promise<GatewayServer & { client: GatewayClient }> {
  const server = await serveGateway({ turns: rig.turns, port: 0, viewer: false, ...options });
  opened.push({ close: () => server.close({ drainMs: 1000 }) });
  return { ...server, client: new GatewayClient(fetch, server.url) };
}

async function allOf(socket: Socket): Promise<string> {
  let said = '';
  socket.on('error', () => {});
  for await (const bytes of socket) {
    said += String(bytes);
    if (said.endsWith('\r\n0\r\n\r\n')) break;
  }
  return said;
}

const idsIn = (said: string): string[] => [...said.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '');

async function metric(client: GatewayClient, name: string): Promise<number> {
  const text = await (await client.raw('/metrics')).text();
  const line = text.split('\n').find((one) => one.startsWith(`durable_turns_gateway_${name}`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('who may ask', () => {
  test('is said before others can reach the gateway', async () => {
    await expect(serve({ host: '0.0.0.0' })).rejects.toBeInstanceOf(GatewayConfigurationError);
    await expect(serve({ auth: { tokens: [''] } })).rejects.toBeInstanceOf(GatewayConfigurationError);
    await expect(serve({ auth: { tokens: [] } })).rejects.toBeInstanceOf(GatewayConfigurationError);
    expect((await (await serve({ host: '0.0.0.0', auth: 'none' })).client.ask('/agents')).status).toBe(200);
  });

  test('is one who has a token; how the gateway is, is told to everybody', async () => {
    const { client } = await serve({ auth: { tokens: ['first-token', 'second-token'] } });
    const status = async (path: string, authorization?: string): Promise<number> =>
      (await client.ask(path, authorization ? { headers: { authorization } } : {})).status;

    expect(await status('/agents')).toBe(401);
    expect(await status('/agents', 'Bearer first-token')).toBe(200);
    expect(await status('/agents', 'bearer  second-token')).toBe(200);
    for (const wrong of [
      'Bearer',
      'Bearer first-toke',
      'Bearer first-token2',
      'Basic first-token',
      'first-token',
    ])
      expect(await status('/agents', wrong)).toBe(401);
    expect(await status('/turns/any/events')).toBe(401);
    expect(await status('/metrics')).toBe(401);
    expect(await status('/healthz')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    expect(await status('/nowhere')).toBe(404);
  });

  test('may be decided by a function, whose principal then decides', async () => {
    const { client } = await serve({
      auth: (request) => (request.headers.get('x-user') === 'ada' ? { id: 'ada@example.com' } : undefined),
    });
    const asAda = { headers: { 'x-user': 'ada' } };
    expect((await client.ask('/agents')).status).toBe(401);

    const turn = await rig.turns.start({ agent: 'assistant', input: 'pay' });
    await vi.waitFor(async () => expect((await turn.progress()).state).toBe('waiting'), 20_000);
    const [asked] = (await turn.progress()).inputs;
    const body = { decision: 'deny', arguments_hash: asked?.arguments_hash };
    const decided = await client.ask(`/turns/${turn.turnId}/inputs/${asked?.input_id}`, { ...asAda, body });
    expect(decided).toMatchObject({ status: 200, body: { decision: 'deny', by: 'ada@example.com' } });
  });

  test('is no page of another origin, and no page under a name of its own', async () => {
    const { client, port } = await serve();
    const cancel = (headers: Record<string, string>) =>
      client.ask('/turns/none/cancel', { method: 'POST', headers });

    expect(await cancel({ origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'forbidden_origin' },
    });
    expect((await cancel({ origin: 'null' })).status).toBe(403);
    expect((await cancel({ origin: `http://127.0.0.1:${port}` })).status).toBe(404);
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /agents HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n');
    expect(await allOf(socket)).toContain('forbidden_host');
  });

  test('may be pages of origins that are named', async () => {
    const origin = 'https://console.example';
    const { client } = await serve({ corsOrigins: [origin], auth: { tokens: ['a-token'] } });
    const preflight = await client.raw('/turns', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'authorization,last-event-id,x-stainless-lang',
      },
    });
    const other = await client.raw('/turns', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    });

    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE');
    const allowed = preflight.headers.get('access-control-allow-headers');
    for (const name of ['authorization', 'last-event-id', 'x-stainless-lang'])
      expect(allowed).toContain(name);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const refused = await client.raw('/agents', { headers: { origin } });
    const readable = refused.headers.get('access-control-expose-headers');
    for (const name of ['location', 'retry-after', 'x-should-retry']) expect(readable).toContain(name);
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
  });
});

describe('a client', () => {
  test('that is too slow is cut, and goes on where it was', async () => {
    const { client, gateway } = await serve({ limits: { turnBytes: 50_000 } });
    const turn = await rig.turns.start({ agent: 'assistant', input: 'large' });
    const path = `/turns/${turn.turnId}/events`;
    // Without sockets in between, which take more than these turns have to say.
    const slow = await Promise.all(
      Array.from({ length: 3 }, () => new GatewayClient(gateway.fetch).raw(path)),
    );
    const events = [];
    for await (const { id } of client.events(path)) events.push(id);
    const expected = (await watch(turn)).map(({ id }) => id);
    expect(events).toEqual(expected);

    for (const response of slow) {
      const said = await response.text();
      const { reason, after } = JSON.parse(/event: cut\ndata: (.*)\n/.exec(said)?.[1] ?? '{}');
      const ids = idsIn(said);
      expect(reason).toBe('slow_client');
      expect(ids.at(-1)).toBe(after);
      const from = after === undefined ? '' : `?after=${after}`;
      for await (const { id } of client.events(`${path}${from}`)) ids.push(id ?? '');
      expect(ids).toEqual(expected);
    }
    expect(await metric(client, 'streams_cut_total{reason="slow_client"}')).toBe(3);
  });

  test('that takes nothing any more is let go', async () => {
    const { client, gateway } = await serve({ limits: { heartbeatMs: 50, stallMs: 200 } });
    const turn = await rig.turns.start({ agent: 'assistant', input: 'hi' });
    const stalled = await new GatewayClient(gateway.fetch).raw(`/turns/${turn.turnId}/events`);

    await vi.waitFor(async () => expect(await metric(client, 'watchers')).toBe(0), 20_000);
    expect(await metric(client, 'streams_cut_total{reason="slow_client"}')).toBe(1);
    await expect(stalled.text()).rejects.toThrow('takes nothing');
  });

  test('that goes away leaves nothing behind', async () => {
    const { client } = await serve({ limits: { lingerMs: 0 } });
    const turn = await rig.turns.start({ agent: 'assistant', input: 'slow leave' });
    const path = `/turns/${turn.turnId}/events`;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for await (const { event } of client.events(path)) if (event === 'turn_started') break;
      }),
    );
    await vi.waitFor(async () => {
      expect([await metric(client, 'watchers'), await metric(client, 'readers')]).toEqual([0, 0]);
    }, 20_000);
    await turn.cancel();
  });

  test('hears a heart beat while nothing happens', async () => {
    const { client } = await serve({ limits: { heartbeatMs: 20 } });
    const turn = await rig.turns.start({ agent: 'assistant', input: 'pay, and wait' });
    const response = await client.raw(`/turns/${turn.turnId}/events`);
    let said = '';
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      said += decoder.decode(bytes);
      if (/event: input_required[^]*(: hb\n\n){3}/.test(said)) break;
    }
    expect(said).toMatch(/(: hb\n\n){3}$/);
    await turn.cancel();
  });

  test('asks for the head alone and opens no stream', async () => {
    const { client } = await serve();
    const head = await client.ask('/turns/any/events', { method: 'HEAD' });

    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(await metric(client, 'watchers')).toBe(0);
  });

  test('is one of 100, each cut ten times at random: none misses an event or gets one twice', async () => {
    const { client } = await serve();
    const turn = await rig.turns.start({ agent: 'assistant', input: 'report' });
    const path = `/turns/${turn.turnId}/events`;
    const seen = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const random = new Random(i);
        const ids: string[] = [];
        for (let cut = 0; cut <= 10; cut++) {
          let left = cut < 10 ? random.int(5) : Number.POSITIVE_INFINITY;
          for await (const { id } of client.events(path, ids.at(-1))) {
            if (left-- <= 0) break;
            ids.push(id ?? '');
          }
        }
        return ids;
      }),
    );
    const expected = (await watch(turn)).map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(REPORTS);
    for (const ids of seen) expect(ids).toEqual(expected);
  });
});

describe('a gateway that ends', () => {
  test('tells those who follow, who go on at another one', async () => {
    const first = await serve();
    const second = await serve();
    const turn = await rig.turns.start({ agent: 'assistant', input: 'slow shutdown' });
    const path = `/turns/${turn.turnId}/events`;
    const ids: string[] = [];
    let after = '';
    for await (const { id, event, data } of first.client.events(path)) {
      if (event === 'cut') {
        expect(data).toMatchObject({ reason: 'shutdown' });
        after = Object(data).after;
      } else ids.push(id ?? '');
      if (ids.length === 2) void first.close();
    }
    expect(after).toBe(ids.at(-1));
    await expect(first.client.raw('/healthz')).rejects.toThrow('fetch failed');
    for await (const { id } of second.client.events(path, after)) ids.push(id ?? '');

    expect(ids).toEqual((await watch(turn)).map(({ id }) => id));
  });

  test('refuses what comes', async () => {
    const gateway = createGateway({ turns: rig.turns, auth: 'none', viewer: false });
    gateway.close();
    const client = new GatewayClient(gateway.fetch);

    const refused = await client.ask('/turns', { body: { agent: 'assistant', input: 'hi' } });
    expect(refused).toMatchObject({ status: 503, body: { code: 'shutting_down' } });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await client.ask('/readyz')).status).toBe(503);
    expect((await client.ask('/healthz')).status).toBe(200);
  });
});

describe('when something is away', () => {
  test('a decision that no worker takes is told so', async () => {
    const lonely = await startRig({
      agents: [
        defineAgent({
          name: 'assistant',
          model: 'scripted',
          tools: [
            defineTool({ name: 'pay', parameters: z.object({}), needsApproval: true, execute: () => 1 }),
          ],
        }),
      ],
      openai: { apiKey: 'k', baseURL: model.url },
    });
    opened.push({ close: () => lonely.stop() });
    const turn = await lonely.turns.start({ agent: 'assistant', input: 'pay alone' });
    await vi.waitFor(async () => expect((await turn.progress()).state).toBe('waiting'), 20_000);
    const [asked] = (await turn.progress()).inputs;
    await lonely.stopWorker();
    const { client } = await serve({
      // Pollers are remembered for minutes: a task queue that nobody ever polled stands for one without.
      turns: new TurnClient({ client: lonely.client, taskQueue: `nobody-${randomUUID()}` }),
      limits: { temporalMs: 500 },
    });
    const decided = await client.ask(`/turns/${turn.turnId}/inputs/${asked?.input_id}`, {
      body: { decision: 'approve', arguments_hash: asked?.arguments_hash },
    });

    expect(decided).toMatchObject({ status: 503, body: { code: 'no_worker' } });
    expect((await client.ask('/readyz')).body).toEqual({ temporal: true, worker: false });
    expect((await client.ask(`/turns/${turn.turnId}`)).body).toMatchObject({ state: 'waiting' });
    await turn.cancel();
  });

  test('a Temporal that cannot be reached is told so', async () => {
    const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const { client } = await serve({
      turns: new TurnClient({ client: new Client({ connection }), taskQueue: 'any' }),
      limits: { temporalMs: 500 },
    });
    const answers = await Promise.all([
      client.ask('/turns', { body: { agent: 'assistant', input: 'hi' } }),
      client.ask('/turns/any'),
      client.ask('/turns/any/result'),
      client.ask('/turns/any/events'),
      client.ask('/turns/any/events?follow=false'),
      client.ask('/turns/any/cancel', { method: 'POST' }),
    ]);

    for (const { status, headers, body } of answers) {
      expect([503, 504]).toContain(status);
      expect(Object(body).code).toMatch(/^temporal_(unavailable|timeout)$/);
      expect(headers.get('retry-after')).toBe('2');
    }
    expect(await client.ask('/readyz')).toMatchObject({
      status: 503,
      body: { temporal: false, worker: false },
    });
    expect((await client.ask('/healthz')).status).toBe(200);
  });
});

describe('the viewer', () => {
  test('is served with nothing around it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'viewer-'));
    opened.push({ close: () => rm(folder, { recursive: true }) });
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'assets', 'main-Ab12Cd34.js'), 'void 0');
    await writeFile(join(folder, '.env'), 'SECRET');
    await writeFile(join(folder, '..', 'outside.json'), '{}');
    const { client } = await serve({ viewer: folder, auth: { tokens: ['a-token'] } });

    const page = await client.raw('/');
    expect([page.status, await page.text()]).toEqual([200, '<!doctype html>']);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    const script = await client.raw('/viewer/assets/main-Ab12Cd34.js');
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(script.headers.get('cache-control')).toContain('immutable');
    for (const path of [
      '/viewer/.env',
      '/viewer/assets',
      '/viewer/%2e%2e%2foutside.json',
      '/viewer/..%5coutside.json',
    ])
      expect((await client.ask(path)).status).toBe(404);
  });
});
