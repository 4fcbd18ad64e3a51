// Calls that stay without an output: what a later turn's first request does about them.

import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import type { TurnInput } from '../src/workflows/index.js';
import { itemsOf } from './support/conversation.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { seenBy } from './support/watch.js';

const add = defineTool({
  name: 'add',
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});

let model: ScriptedResponsesServer;
let openai: OpenAI;
let rig: Rig;

beforeAll(async () => {
  const call = reply.functionCall('add', { a: 1, b: 2 });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      ({ prompt, body }) =>
        prompt === 'calls, answered apart in vain' && body['tool_choice'] === 'none'
          ? reply.fail({ code: 'server_error', message: 'down' })
          : undefined,
      when(
        'several',
        eachTurn([
          [call, reply.functionCall('add', { a: 3, b: 4 }), reply.mcpApproval('lab', 'measure', '{}')],
        ]),
      ),
      when('cut short', () => [call, reply.incomplete('max_output_tokens')]),
      when('calls', eachTurn([call, reply.text('3')])),
      when('lost end', () => [reply.text('the answer'), reply.cut(undefined, { committed: true, times: 1 })]),
      () => reply.text('more'),
    ),
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  rig = await startRig({
    agents: [
      defineAgent({ name: 'assistant', model: 'scripted', server: 'openai', tools: [add] }),
      defineAgent({
        name: 'apart',
        model: 'scripted',
        server: 'ogx',
        tools: [add],
        inference: { maximumAttempts: 2 },
      }),
      defineAgent({
        name: 'blind',
        model: 'scripted',
        tools: [add],
        openai: {
          responses: { create: openai.responses.create.bind(openai.responses) },
          conversations: openai.conversations,
        },
      }),
    ],
    openai,
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

async function run(input: Pick<TurnInput, 'input'> & Partial<TurnInput>) {
  const turn = await rig.turns.start({ agent: 'assistant', ...input });
  await seenBy(rig, turn);
  return turn.result();
}

/** A response that asks for calls, made by somebody who then went away. */
const leaveOpen = (input: string, more: { conversation?: string } = {}) =>
  openai.responses.create({ model: 'scripted', input, ...more });

const inputsOf = (prompt: string) =>
  model.modelRequests.flatMap(({ body }) => {
    const input = body?.['input'];
    return JSON.stringify(input).includes(prompt) ? [input] : [];
  });

const aborted = (type: string) => ({ type, output: expect.stringMatching(/^aborted: /) });

describe('a turn that goes on from a response', () => {
  test.each(['several, one', 'cut short, one'])('answers what it left open first (%s)', async (prompt) => {
    const { id, output } = await leaveOpen(prompt);
    const result = await run({ input: 'and now?', previous_response_id: id });

    expect(result).toMatchObject({ status: 'completed', final_text: 'more' });
    const [sent] = inputsOf('and now?').slice(-1);
    const answers = output.map((item) =>
      item.type === 'mcp_approval_request'
        ? { type: 'mcp_approval_response', approval_request_id: item.id, approve: false }
        : { ...aborted(`${item.type}_output`), call_id: 'call_id' in item ? item.call_id : '' },
    );
    expect(sent).toMatchObject([...answers, { role: 'user', content: 'and now?' }]);
  });

  test('sends the input as it is where nothing is open', async () => {
    const { id } = await openai.responses.create({ model: 'scripted', input: 'hello' });
    await run({ input: 'plain follow-up', previous_response_id: id });
    expect(inputsOf('plain follow-up')).toEqual(['plain follow-up']);
  });

  test('leaves what its own input answers to its input', async () => {
    const { id, output } = await leaveOpen('calls, answered by hand');
    const call_id = output.flatMap((item) => (item.type === 'function_call' ? item.call_id : []))[0] ?? '';
    const mine = { type: 'function_call_output', call_id, output: '42' } as const;
    await run({ input: [mine, { role: 'user', content: 'by hand' }], previous_response_id: id });
    expect(inputsOf('by hand').at(-1)).toMatchObject([{ call_id, output: '42' }, { role: 'user' }]);
  });

  test('goes ahead where responses cannot be looked at', async () => {
    const { id } = await openai.responses.create({ model: 'scripted', input: 'hello' });
    expect(await run({ agent: 'blind', input: 'unseen', previous_response_id: id })).toMatchObject({
      final_text: 'more',
    });
  });

  test('fails with what the server says where it cannot answer them apart', async () => {
    const { id } = await leaveOpen('calls, answered apart in vain');
    const turn = await rig.turns.start({ agent: 'apart', input: 'and then?', previous_response_id: id });
    const events = await seenBy(rig, turn);

    const error = { code: 'server_error', attempt: 2, source: 'model' };
    expect(events.at(-1)).toMatchObject({ type: 'turn_failed', error });
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'step_superseded',
        reason: expect.objectContaining({ code: 'server_error' }) as unknown,
      }),
    );
  });

  test('looks once, and not within the turn', async () => {
    const { id } = await openai.responses.create({ model: 'scripted', input: 'hello' });
    const result = await run({ input: 'calls, in the middle', previous_response_id: id });
    expect(result.response_ids).toHaveLength(2);
    const looks = model.requests.filter(
      ({ method, path }) => method === 'GET' && path.includes('/responses/'),
    );
    expect(looks.filter(({ path }) => path.endsWith(id))).toHaveLength(1);
    expect(looks.filter(({ path }) => result.response_ids.some((own) => path.endsWith(own)))).toEqual([]);
  });
});

describe('a turn on a conversation', () => {
  test('answers what an earlier one left open there', async () => {
    const { id: conversation } = await openai.conversations.create({});
    await leaveOpen('several, two', { conversation });
    expect(await run({ input: 'and here?', conversation })).toMatchObject({ final_text: 'more' });

    expect(await itemsOf(openai, conversation)).toEqual(
      [
        'user: several, two',
        'function_call',
        'function_call',
        'mcp_approval_request',
        'function_call_output: aborted',
        'function_call_output: aborted',
        'mcp_approval_response: false',
        'user: and here?',
        'assistant: more',
      ].toSorted(),
    );
  });

  test('adopts an answer whose last words were lost, also when it answered calls ahead', async () => {
    const { id: conversation } = await openai.conversations.create({});
    await leaveOpen('several, three', { conversation });
    expect(await run({ input: 'lost end', conversation })).toMatchObject({ final_text: 'the answer' });

    expect(inputsOf('lost end')).toHaveLength(1);
    const items = await itemsOf(openai, conversation);
    expect(items.filter((item) => item.includes('the answer'))).toHaveLength(1);
    expect(items.filter((item) => item === 'function_call_output: aborted')).toHaveLength(2);
  });
});
