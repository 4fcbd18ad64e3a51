// Turns that end while a call is open, and the turn after them: on the scripted server and on a real Llama Stack,
// where only a request can answer a call.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/index.js';
import type { TurnInput } from '../../src/workflows/index.js';
import { itemsOf } from '../support/conversation.js';
import { ModelServer, modelServerOptions } from '../support/model-server.js';
import { startRig } from '../support/rig.js';
import type { Rig } from '../support/rig.js';
import { seenBy } from '../support/watch.js';

const QUESTION = 'What is the weather in Paris?';
const GREETING = 'Say hello in exactly 3 words.';

const server = new ModelServer();
let rig: Rig;

beforeAll(async () => {
  const getWeather = defineTool({
    name: 'get_weather',
    description: 'The weather in a city.',
    parameters: z.object({ city: z.string() }),
    execute: (_args, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      }),
  });
  const common = { model: inject('model'), tools: [getWeather] };
  rig = await startRig({
    agents: [
      defineAgent({ ...common, name: 'weatherman' }),
      defineAgent({ ...common, name: 'hasty', limits: { max_responses: 1 } }),
    ],
    openai: modelServerOptions(),
  });
});

afterAll(async () => {
  await rig?.stop();
  await server.cleanUp();
});

/** Asks, and cancels while the tool runs. */
async function cancelled(more: Pick<TurnInput, 'conversation'> = {}) {
  const turn = await rig.turns.start({ agent: 'weatherman', input: QUESTION, ...more });
  for await (const event of turn.events()) {
    if (event.type === 'step_started' && event.step_type === 'tool_execution') break;
  }
  await turn.cancel();
  return (await seenBy(rig, turn)).at(-1);
}

async function greeted(more: Pick<TurnInput, 'conversation' | 'previous_response_id'>): Promise<string> {
  const turn = await rig.turns.start({ agent: 'weatherman', input: GREETING, ...more });
  await seenBy(rig, turn);
  const { status, stop_reason, final_text, open_calls } = await turn.result();
  expect({ status, stop_reason, open_calls }).toMatchObject({
    status: 'completed',
    stop_reason: 'end_of_turn',
  });
  expect(open_calls).toBeUndefined();
  return final_text;
}

const OPEN = [{ tool_type: 'function', tool_name: 'get_weather' }];
/** What the model says of the outputs, in a request of their own. */
const ANSWERED = ['function_call_output: aborted', 'assistant: a remark'];
const withoutRemark = (item: string): string =>
  /^assistant: .*aborted/s.test(item) ? 'assistant: a remark' : item;
const left = ['function_call', `user: ${QUESTION}`];

test('a conversation goes on after a turn that was cancelled while its tool ran', async () => {
  const conversation = await server.conversation();
  expect(await cancelled({ conversation })).toMatchObject({ type: 'turn_cancelled', open_calls: OPEN });
  expect(await itemsOf(server.client, conversation)).toEqual(left);

  const hello = await greeted({ conversation });
  expect((await itemsOf(server.client, conversation)).map(withoutRemark).toSorted()).toEqual(
    [...left, ...ANSWERED, `user: ${GREETING}`, `assistant: ${hello}`].toSorted(),
  );
  await greeted({ conversation });
});

test('so it does after a limit', async () => {
  const conversation = await server.conversation();
  const turn = await rig.turns.start({ agent: 'hasty', input: QUESTION, conversation });
  await seenBy(rig, turn);
  expect(await turn.result()).toMatchObject({ stop_reason: 'limit_responses', open_calls: OPEN });
  expect(await itemsOf(server.client, conversation)).toEqual(left);

  const hello = await greeted({ conversation });
  expect((await itemsOf(server.client, conversation)).map(withoutRemark).toSorted()).toEqual(
    [...left, ...ANSWERED, `user: ${GREETING}`, `assistant: ${hello}`].toSorted(),
  );
});

test('so do turns that go on from a response', async () => {
  const end = await cancelled();
  expect(end).toMatchObject({ type: 'turn_cancelled', open_calls: OPEN });
  const previous_response_id = end?.type === 'turn_cancelled' ? end.response_ids.at(-1) : undefined;
  await greeted({ previous_response_id: previous_response_id ?? '' });
});
