// An attempt on a conversation asks Temporal by itself whether it is heard, and may so hear of a cancel before the SDK.

import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineAgent } from '../src/index.js';
import { reply, ScriptedResponsesServer } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

let model: ScriptedResponsesServer;
let openai: OpenAI;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: () => [reply.text('half an answer'), reply.stall()],
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  rig = await startRig({
    agents: [defineAgent({ name: 'assistant', model: 'scripted' })],
    openai,
    worker: { maxHeartbeatThrottleInterval: '8s' },
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

test('its step ends as cancelled, and what it kept is told to the workflow', async () => {
  const { id: conversation } = await openai.conversations.create({});
  const turn = await rig.turns.start({ agent: 'assistant', input: 'hello', conversation });
  for await (const event of turn.events()) if (event.type === 'step_progress') break;
  await turn.cancel();
  const events = await seenBy(rig, turn);

  expect(ofType(events, 'step_completed')).toMatchObject([
    { status: 'cancelled', result: { text_content: 'half an answer' } },
  ]);
  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled' });
  const history = await rig.client.workflow.getHandle(turn.turnId).fetchHistory();
  const [ended] = (history.events ?? []).flatMap((event) => event.activityTaskCanceledEventAttributes ?? []);
  const kept = ended?.details?.payloads?.map(({ data }) => Buffer.from(data ?? []).toString());
  expect(kept).toEqual([JSON.stringify({ newest_items: [] })]);
});
