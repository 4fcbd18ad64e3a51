// Fifty turns that are cancelled while the model speaks: each closes its request and sends no other.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineAgent } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { seenBy } from './support/watch.js';

const RUNS = 50;
const AT_ONCE = 10;

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      // Half of them are cancelled in their second attempt.
      when(/cut$/, () => [reply.text('word '.repeat(400)), reply.cut(3, { times: 1 }), reply.stall(60)]),
      () => [reply.text('word '.repeat(400)), reply.stall(60)],
    ),
  });
  const agents = [false, true].map((background) =>
    defineAgent({ name: background ? 'background' : 'connected', model: 'scripted', background }),
  );
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

test.each(['connected', 'background'])(`${RUNS} cancelled turns ask no more (%s)`, async (agent) => {
  const left = Array.from({ length: RUNS }, (_, run) => `${agent} ${run}${run % 2 ? ' cut' : ''}`);
  const work = async (): Promise<void> => {
    for (let input = left.shift(); input !== undefined; input = left.shift()) await cancelled(agent, input);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
});

async function cancelled(agent: string, input: string): Promise<void> {
  const requests = () => model.modelRequests.filter(({ body }) => body?.['input'] === input);
  const attempts = input.endsWith('cut') && agent === 'connected' ? 2 : 1;
  const turn = await rig.turns.start({ agent, input });
  await model.waitForRequest(
    (entry) => entry === requests()[attempts - 1] && entry.sent_events >= (attempts === 1 ? 3 : 60),
  );
  await turn.cancel();
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled' });
  expect(requests()).toHaveLength(attempts);
  const last = requests().at(-1);
  await model.waitForRequest((entry) => entry === last && entry.finished);
}
