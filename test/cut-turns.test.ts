// The model's stream is cut at every event border of a turn with a hosted tool and one of ours.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer } from '../src/testing/index.js';
import type { ReplyStep, Script } from '../src/testing/index.js';
import { cutting, expectWhole } from './support/cut-turns.js';
import type { CutTurn } from './support/cut-turns.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

const RESPONSES: readonly (readonly ReplyStep[])[] = [
  [
    reply.reasoning('I have to look first. '),
    reply.webSearch('great work'),
    reply.text('I add what I found. ', { deltas: 10 }),
    reply.functionCall('add', { a: 1, b: 2 }),
  ],
  [reply.text('It is three, and here is why.', { deltas: 10 })],
];
const FINAL = 'It is three, and here is why.';

const add = defineTool({
  name: 'add',
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});
const agents = [
  defineAgent({ name: 'connected', model: 'scripted', tools: [add] }),
  defineAgent({ name: 'background', model: 'scripted', tools: [add], background: true }),
];
const turns: CutTurn[] = [];

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  // The turns are known once it is known how many events there are.
  let cuts: Script | undefined;
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      ({ prompt, outputs }) => (prompt === 'whole' ? RESPONSES[outputs.length] : undefined),
      (request) => (cuts ??= cutting(turns, (_turn, response) => RESPONSES[response] ?? []))(request),
    ),
  });
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

/** As many events as each response has when nothing is cut. */
async function lengths(agent: string): Promise<readonly number[]> {
  const before = model.modelRequests.length;
  await (await rig.turns.start({ agent, input: 'whole' })).result();
  return model.modelRequests.slice(before).map(({ sent_events }) => sent_events);
}

test('a turn that is cut at any event border completes, and the model is asked once for each attempt or response', async () => {
  for (const { name } of agents) {
    const events = await lengths(name);
    expect(events).toHaveLength(RESPONSES.length);
    for (const [response, count] of events.entries()) {
      for (let at = 0; at < count; at++)
        turns.push({
          agent: name,
          input: `${name}: ${response}, ${at}`,
          responses: RESPONSES.length,
          finalText: FINAL,
          cut: { response, events: at },
        });
    }
  }
  await Promise.all(
    agents.map(({ name }) =>
      expectWhole(
        rig,
        model,
        turns.filter(({ agent }) => agent === name),
        { background: name === 'background' },
      ),
    ),
  );
});
