// A response whose turn spans several runs: clients of the API resume it at any number and any gateway.

import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createGateway } from '../src/gateway/index.js';
import type { Gateway } from '../src/gateway/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { reply, ScriptedResponsesServer, startTemporal } from '../src/testing/index.js';
import type { EmbeddedTemporal } from '../src/testing/index.js';
import { expectOpenResponses } from './support/open-responses.js';
import { Random } from './support/random.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

const CALLS = 12;
const CLIENTS = 20;

let temporal: EmbeddedTemporal;
let model: ScriptedResponsesServer;
let rig: Rig;
let gateways: readonly Gateway[] = [];

beforeAll(async () => {
  // A run of a few answers is long here.
  temporal = await startTemporal({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 30 } });
  model = await ScriptedResponsesServer.start({
    script: ({ outputs }) =>
      outputs.length < CALLS
        ? [reply.text(`Look ${outputs.length}. `, { perSecond: 20 }), reply.functionCall('look_up')]
        : reply.text('Found it.'),
  });
  const look = defineTool({ name: 'look_up', parameters: z.object({}), execute: () => 'x'.repeat(2000) });
  rig = await startRig({
    address: temporal.address,
    agents: [defineAgent({ name: 'assistant', model: 'scripted', tools: [look] })],
    openai: { apiKey: 'k', baseURL: model.url },
  });
  const [first, second] = [0, 1].map(() => createGateway({ turns: rig.turns, auth: 'none', viewer: false }));
  gateways = first && second ? [first, second] : [];
});

afterAll(async () => {
  for (const gateway of gateways) gateway.close();
  await rig?.stop();
  await model?.stop();
  await temporal?.stop();
});

/** The SDK at one of the gateways. */
function sdk(random: Random): OpenAI {
  const gateway = gateways[random.int(gateways.length)];
  return new OpenAI({
    apiKey: 'k',
    baseURL: 'http://localhost/v1',
    fetch: (url, init) => gateway?.fetch(new Request(url, init)) ?? Promise.reject(new Error('no gateway')),
  });
}

/** Follows to the end, cut again and again, each time at whichever gateway. */
async function followed(id: string, random: Random): Promise<ResponseStreamEvent[]> {
  const seen: ResponseStreamEvent[] = [];
  for (let cut = 0; cut <= 10; cut++) {
    const left = cut < 10 ? random.int(8) : Number.POSITIVE_INFINITY;
    const last = seen.at(-1)?.sequence_number;
    const from = last === undefined ? {} : { starting_after: last };
    let taken = 0;
    for await (const event of await sdk(random).responses.retrieve(id, { stream: true, ...from })) {
      if (taken++ >= left) break;
      seen.push(event);
    }
  }
  return seen;
}

test('20 clients, each cut ten times at random at two gateways, are told the same, without a gap', async () => {
  const random = new Random(1);
  const { id } = await sdk(random).responses.create({ model: 'assistant', input: 'go', background: true });
  const all = await Promise.all(
    Array.from({ length: CLIENTS }, (_, client) => followed(id, new Random(client))),
  );
  const [first = []] = all;
  expectOpenResponses(first);
  expect(first.map(({ sequence_number }) => sequence_number)).toEqual(first.map((_, i) => i));
  for (const seen of all) expect(seen).toEqual(first);

  const runs = new Set<string>();
  const turnId = Buffer.from(id.slice('resp_'.length), 'base64url').toString();
  for await (const event of rig.turns.getHandle(turnId).events()) runs.add(event.id.split('.')[1] ?? '');
  expect(runs.size).toBeGreaterThan(1);
  const response = await sdk(random).responses.retrieve(id);
  expect(response).toMatchObject({ status: 'completed' });
  expect(first.at(-1)).toMatchObject({ type: 'response.completed', response: { output: response.output } });
  expect(response.output).toHaveLength(CALLS + 1);
});
