// An operator resets an activity, and its attempts count from 1 again: Temporal may then take the answer of an
// attempt that others have followed.

import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { reply, ScriptedResponsesServer, startProxy } from '../src/testing/index.js';
import { attemptsAgents } from './support/attempts-agents.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { brokenSteps } from './support/step-lives.js';
import { ofType, seenBy, untilSeen } from './support/watch.js';
import { startProgram } from './support/worker-process.js';

const FIRST = Array.from({ length: 100 }, (_, i) => `first${i}`).join(' ');
const SECOND = Array.from({ length: 100 }, (_, i) => `second${i}`).join(' ');

let model: ScriptedResponsesServer;
let rig: Rig;
let asked = 0;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: () => {
      asked += 1;
      if (asked === 1) return reply.text(FIRST, { perSecond: 50 });
      return [reply.text(SECOND, { perSecond: 50 }), reply.stall(60)];
    },
  });
  rig = await startRig({
    agents: attemptsAgents({ die: () => undefined }),
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { enableNonLocalActivities: false },
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

/** Waits until this attempt is the next one; gives the activity's id. */
async function pendingAttempt(handle: WorkflowHandle, attempt: number): Promise<string> {
  for (;;) {
    const { raw } = await handle.describe();
    const [pending] = raw.pendingActivities ?? [];
    if (pending?.attempt === attempt) return pending.activityId ?? '';
    await sleep(50);
  }
}

test('the answer of an attempt that others have followed is told whole, and theirs is void', async () => {
  const [toTemporal, toModel] = await Promise.all([
    startProxy({ target: inject('temporalAddress') }),
    startProxy({ target: model.url }),
  ]);
  const program = { main: 'attempts-worker', env: { BUNDLE: '' } };
  const first = await startProgram(rig.taskQueue, toModel.url, program, toTemporal.address);
  const turn = await rig.turns.start({ agent: 'connected', input: 'reset' });
  const handle = rig.client.workflow.getHandle(turn.turnId);
  await untilSeen(turn, (event) => event.type === 'step_progress');
  toModel.stall();
  await model.waitForRequest(({ sent_events, finished }) => finished && sent_events > 0);
  // It has its answer as soon as nobody can be told any more.
  toTemporal.refuse();
  toModel.resume();

  const activityId = await pendingAttempt(handle, 2);
  await rig.client.workflowService.resetActivity({
    namespace: rig.client.options.namespace,
    execution: { workflowId: turn.turnId },
    id: activityId,
  });
  await pendingAttempt(handle, 1);
  const second = await startProgram(rig.taskQueue, model.url, program);
  await untilSeen(turn, (event) => event.type === 'step_superseded');
  toTemporal.resume();
  const events = await seenBy(rig, turn);

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: FIRST, num_steps: 1 });
  expect(brokenSteps(events, { reset: true })).toEqual([]);
  expect(ofType(events, 'step_superseded')).toHaveLength(2);
  expect(model.modelRequests).toHaveLength(2);
  await Promise.all([first.stop(), second.stop(), toTemporal.stop(), toModel.stop()]);
});
