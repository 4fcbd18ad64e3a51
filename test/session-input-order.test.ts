// Messages that join a turn at a server that shows its model outputs after the messages of a request.

import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { itemsOf } from './support/conversation.js';
import { heardSignal } from './support/heard-signal.js';
import { listener } from './support/listener.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { seenBy } from './support/watch.js';

let model: ScriptedResponsesServer;
let openai: OpenAI;
let rig: Rig;
const gates = new Map<string, Promise<void>>();

const dig = defineTool({
  name: 'dig',
  parameters: z.object({ place: z.string() }),
  execute: async ({ place }) => {
    await gates.get(place);
    return `dug at ${place}`;
  },
});

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    dialect: 'ogx',
    script: firstOf(
      when(/^dig /, eachTurn([({ prompt }) => reply.functionCall('dig', { place: prompt.slice(4) })])),
      when(/^lost/, () => [reply.text('lost?'), reply.cut(undefined, { times: 1 })]),
      listener,
    ),
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  const agents = (['conversation', 'previous_response', 'stateless'] as const).map((state) =>
    defineAgent({ name: state, model: 'scripted', state, tools: [dig], server: 'ogx' }),
  );
  rig = await startRig({ agents, openai });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

/** A turn at its tool, which another message is to join. */
async function joined(agent: string, message: string) {
  const place = randomUUID();
  let open = (): void => undefined;
  gates.set(place, new Promise((resolve) => (open = resolve)));
  const session = rig.turns.session(`s-${randomUUID()}`, { agent });
  const turn = await session.send(`dig ${place}`);
  for await (const event of turn.events())
    if (event.type === 'step_started' && event.step_type === 'tool_execution') break;
  const steered = await session.send(message, { whileBusy: 'steer' });
  await heardSignal(rig, turn, 'steer');
  open();
  return { session, turn, place, steered };
}

describe.each(['conversation', 'previous_response', 'stateless'])('with an agent of state %s', (agent) => {
  test('a message joins a turn whose tool runs, behind the output', async () => {
    const { session, turn, place, steered } = await joined(agent, 'mind the pipe');

    expect(await turn.result()).toMatchObject({ final_text: `heard: dig ${place} | mind the pipe` });
    expect(await steered.result()).toMatchObject({ turn_id: turn.turnId });
    const next = await session.send('and then');
    expect(await next.result()).toMatchObject({
      final_text: `heard: dig ${place} | mind the pipe | and then`,
    });
    await seenBy(rig, turn);
  });
});

test('outputs that went ahead are not sent again when the request after them is', async () => {
  const { session, turn, place } = await joined('conversation', 'lost');

  expect(await turn.result()).toMatchObject({ final_text: 'lost?' });
  const { conversation = '' } = await session.progress();
  expect((await itemsOf(openai, conversation)).toSorted()).toEqual(
    [
      `user: dig ${place}`,
      'function_call',
      `function_call_output: dug at ${place}`,
      `assistant: heard: dig ${place}`,
      'user: lost',
      'assistant: lost?',
    ].toSorted(),
  );
  await seenBy(rig, turn);
});
