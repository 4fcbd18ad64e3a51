// More said to a session at once than one workflow task may say to its turn.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineAgent } from '../src/index.js';
import { reply, ScriptedResponsesServer } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

const LARGE = 'x'.repeat(900 * 1024);
const agents = [defineAgent({ name: 'assistant', model: 'scripted' })];

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({ script: () => reply.text('noted') });
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

test('large messages that came while no worker was up are all answered', async () => {
  await rig.stopWorker();
  const session = rig.turns.session(`s-${randomUUID()}`, { agent: 'assistant' });
  const turns = [await session.send('first')];
  for (let n = 1; n <= 5; n += 1) turns.push(await session.send(`${n} ${LARGE}`, { whileBusy: 'steer' }));
  const { taskQueue } = rig;
  const other = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url }, taskQueue });

  const results = await Promise.all(turns.map((turn) => turn.result()));
  expect(results.map(({ final_text }) => final_text)).toEqual(turns.map(() => 'noted'));
  await other.stop();
});
