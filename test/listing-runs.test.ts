// Lists of real turns and sessions: those that a session starts, and those that went on in further runs.

import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { registerSearchAttributes, TurnClient } from '../src/client/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer, startTemporal, when } from '../src/testing/index.js';
import type { EmbeddedTemporal } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

let temporal: EmbeddedTemporal;
let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  // A run of a few answers is long here.
  temporal = await startTemporal({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 15 } });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('many', ({ outputs }) =>
        outputs.length < 4 ? reply.functionCall('look_up') : reply.text('Found it.'),
      ),
      () => reply.text('Hello.'),
    ),
  });
  // Long enough for the starts of two runs to differ by what a list shows of them.
  const execute = (): Promise<string> => sleep(20, 'nothing');
  const lookUp = defineTool({ name: 'look_up', parameters: z.object({}), execute });
  rig = await startRig({
    address: temporal.address,
    agents: ['m-clerk', 'a-clerk'].map((name) => defineAgent({ name, model: 'scripted', tools: [lookUp] })),
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { workflowsPath: fileURLToPath(new URL('workflows/short-runs.ts', import.meta.url)) },
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
  await temporal?.stop();
});

/** Visibility follows in its own time. */
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 100 });

async function startOfFirstRun(workflowId: string): Promise<string> {
  const { raw } = await rig.client.workflow.getHandle(workflowId).describe();
  const { firstRunId } = raw.workflowExecutionInfo ?? {};
  expect(firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
  const first = await rig.client.workflow.getHandle(workflowId, firstRunId ?? '').describe();
  return first.startTime.toISOString();
}

describe('by the memo alone', () => {
  lists('m');
});

test('the search attributes are registered', async () => {
  expect(await registerSearchAttributes(rig.client)).toHaveLength(2);
});

describe('by search attributes', () => {
  lists('a');
});

/** What holds either way. Ids and names begin with the prefix. */
function lists(prefix: string): void {
  const agent = `${prefix}-clerk`;
  // As another process has it: it does not know what an earlier client has asked.
  const turnsOf = () => new TurnClient({ client: rig.client, taskQueue: rig.taskQueue });

  test('a turn of many runs has started when its first run has', async () => {
    const turnId = `${prefix}-long`;
    const turn = await turnsOf().start({ agent, input: 'many' }, { turnId });
    await turn.result();
    const started_at = await startOfFirstRun(turnId);
    await eventually(async () => {
      expect((await turnsOf().list({ agent, status: 'completed' })).data).toMatchObject([
        { turn_id: turnId, agent, started_at, status: 'completed' },
      ]);
    });
  });

  test('a turn that was started without a memo has its agent once it goes on in another run', async () => {
    const workflowId = `${prefix}-bare`;
    const { client, taskQueue } = rig;
    const args = [{ agent, input: 'many' }];
    await client.workflow.execute('restlessTurn', { workflowId, taskQueue, args });
    const { memo } = await client.workflow.getHandle(workflowId).describe();
    expect(memo).toMatchObject({ turn: { agent, started_at: await startOfFirstRun(workflowId) } });
  });

  test('a session that went on in further runs is listed once, with its turns', async () => {
    const sessionId = `${prefix}-session`;
    const session = turnsOf().session(sessionId, { agent });
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      const turn = await session.send(`message ${n}`, { messageId: `m-${n}` });
      ids.push(turn.turnId);
      await turn.result();
    }
    // What is over is known to the session a moment later; only then it hands over.
    await eventually(async () => {
      expect(await session.progress()).toMatchObject({ state: 'idle', turns: 8 });
    });
    const started_at = await startOfFirstRun(sessionId);
    await eventually(async () => {
      const { data } = await turnsOf().listSessions({ agent });
      expect(data).toEqual([{ session_id: sessionId, agent, status: 'open', started_at }]);
      const turns = (await turnsOf().list({ sessionId })).data;
      expect(turns.map(({ turn_id }) => turn_id).toSorted()).toEqual(ids);
      for (const turn of turns) expect(turn).toMatchObject({ agent, session_id: sessionId });
      expect((await turnsOf().list({ sessionId, agent })).data).toHaveLength(8);
    });
  });
}
