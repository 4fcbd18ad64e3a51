// What a turn may use up, and how it ends when it has.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import type { TurnInput } from '../src/workflows/index.js';
import { firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const parameters = z.object({});
const tools = [
  defineTool({ name: 'quick', parameters, execute: () => 'ok' }),
  defineTool({ name: 'endless', parameters, execute: () => new Promise(() => undefined) }),
  defineTool({ name: 'asking', parameters, needsApproval: true, execute: () => 'ok' }),
];

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      ...tools.map(({ name }) => when(name, () => [reply.functionCall(name), reply.functionCall(name)])),
      when('talk', () => reply.text('word '.repeat(2000), { perSecond: 20 })),
    ),
  });
  rig = await startRig({
    agents: [
      defineAgent({ name: 'assistant', model: 'scripted', tools }),
      defineAgent({ name: 'hasty', model: 'scripted', tools, limits: { max_seconds: 1 } }),
    ],
    openai: { apiKey: 'k', baseURL: model.url },
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

async function run(input: string, limits: TurnInput['limits'] | undefined, agent = 'assistant') {
  const turn = await rig.turns.start({ agent, input, ...(limits ? { limits } : {}) });
  const events = await seenBy(rig, turn);
  return { events, result: await turn.result() };
}

const twoOpen = (tool_name: string) => [{ tool_name }, { tool_name }];

test.each([
  ['responses', { max_responses: 2 }, 'limit_responses', 2],
  ['tool calls', { max_tool_calls: 5 }, 'limit_tool_calls', 3],
  ['tokens', { max_tokens: 1 }, 'limit_tokens', 1],
])(
  '%s: the turn ends as incomplete and lists the calls that are open',
  async (_what, limits, reason, responses) => {
    const { result } = await run('quick', limits);
    expect(result).toMatchObject({ status: 'incomplete', stop_reason: reason, open_calls: twoOpen('quick') });
    expect(result.response_ids).toHaveLength(responses);
  },
);

test.each([
  ['a tool that ignores its signal', 'endless'],
  ['a question that nobody answers', 'asking'],
])('time: %s does not hold the turn', async (_what, tool) => {
  const { events, result } = await run(tool, { max_seconds: 1 });
  expect(result).toMatchObject({
    status: 'incomplete',
    stop_reason: 'limit_time',
    open_calls: twoOpen(tool),
  });
  const ends = ofType(events, 'step_completed').filter(({ step_type }) => step_type === 'tool_execution');
  expect(ends.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
});

test('time: an answer is cut off, and what was said stands', async () => {
  const { result } = await run('talk', { max_seconds: 2 });
  expect(result).toMatchObject({ status: 'incomplete', stop_reason: 'limit_time' });
  expect(result.final_text).toMatch(/^word /);
});

test("time: the agent's own limit holds too", async () => {
  const { result } = await run('asking', undefined, 'hasty');
  expect(result).toMatchObject({ stop_reason: 'limit_time', open_calls: twoOpen('asking') });
});
