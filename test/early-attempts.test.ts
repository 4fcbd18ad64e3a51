// Temporal may start an attempt before it is due: its matching service tells a task again after a restart, and the
// attempt that waits is then taken for the one that the task was made for.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reply, ScriptedResponsesServer, startKillableTemporal } from '../src/testing/index.js';
import { attemptsAgents } from './support/attempts-agents.js';
import { startRig } from './support/rig.js';
import { ofType, seenBy, untilSeen } from './support/watch.js';
import { startProgram } from './support/worker-process.js';

const WORDS = Array.from({ length: 400 }, (_, i) => `word${i}`).join(' ');

let model: ScriptedResponsesServer;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: () => [reply.text(WORDS, { perSecond: 50 }), reply.status(503, { retryAfter: 50, times: 1 })],
  });
});

afterAll(() => model?.stop());

test('an attempt behind one that Temporal started before it was due is heard while it speaks', async ({
  onTestFinished,
}) => {
  const temporal = await startKillableTemporal();
  onTestFinished(() => temporal.stop());
  const rig = await startRig({
    agents: attemptsAgents({ die: () => undefined }),
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { enableNonLocalActivities: false },
    address: temporal.address,
  });
  onTestFinished(() => rig.stop());
  const turn = await rig.turns.start({ agent: 'connected', input: 'early' });
  const handle = rig.client.workflow.getHandle(turn.turnId);
  // Nobody is there to take the task, so it is stored.
  while (((await handle.describe()).raw.pendingActivities ?? []).length === 0) await sleep(50);
  const program = { main: 'attempts-worker', env: { BUNDLE: '' } };
  const worker = await startProgram(rig.taskQueue, model.url, program, temporal.address);
  onTestFinished(() => worker.stop());
  await untilSeen(turn, ({ type }) => type === 'step_superseded');
  await temporal.restart();
  await model.waitForRequest((entry) => entry === model.modelRequests[1] && entry.sent_events > 20);
  await worker.restart();
  await model.waitForRequest((entry) => entry === model.modelRequests[2] && entry.sent_events > 100);
  await turn.cancel();
  const events = await seenBy(rig, turn);

  const [said] = ofType(events, 'step_completed');
  expect(said).toMatchObject({
    status: 'cancelled',
    result: { text_content: expect.stringMatching(/^word0 word1 /) as unknown },
  });
});
