// What the Python reference client gets wrong in its agent loop, by the numbers of the reference, and what a turn
// does instead. Points 1 to 13 and 18 are of its synthesizer: see src/synthesizer/reference-client.test.ts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, watch } from './support/watch.js';

let running = 0;
let most = 0;

const tools = [
  defineTool({
    name: 'slow',
    parameters: z.object({ n: z.number() }),
    execute: async ({ n }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 300));
      running -= 1;
      return n;
    },
  }),
  defineTool({
    name: 'broken',
    parameters: z.object({}),
    retry: { maximumAttempts: 2, initialInterval: '50ms' },
    execute: () => {
      throw new Error('The disk is full.');
    },
  }),
];

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  const slow = (n: number) => reply.functionCall('slow', { n });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('for ever', () => slow(1)),
      when('side by side', eachTurn([[slow(1), slow(2), slow(3)], reply.text('done')])),
      when(
        'broken',
        eachTurn([[reply.functionCall('broken'), reply.functionCall('rm_rf')], reply.text('done')]),
      ),
      when('once', eachTurn([slow(1), reply.text('done')])),
    ),
  });
  rig = await startRig({
    agents: [defineAgent({ name: 'assistant', model: 'scripted', tools, limits: { max_responses: 3 } })],
    openai: { apiKey: 'k', baseURL: model.url },
  });
});
afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

const start = (input: string) => rig.turns.start({ agent: 'assistant', input });

describe('the reference client', () => {
  test('point 14: asks the model without any limit; here a turn has limits, and says which it met', async () => {
    const turn = await start('for ever');
    expect(await turn.result()).toMatchObject({ status: 'incomplete', stop_reason: 'limit_responses' });
  });

  test('point 15: has an asynchronous twin that cannot run; here a turn is an async iterable', async () => {
    const types: string[] = [];
    for await (const event of (await start('once')).events()) types.push(event.type);
    expect(types[0]).toBe('turn_started');
    expect(types.at(-1)).toBe('turn_completed');
  });

  test('point 16: repeats requests and keeps nothing between them; here each is sent once', async () => {
    const before = model.modelRequests.length;
    const turn = await start('once more');
    await turn.result();
    expect(model.modelRequests.length - before).toBe(2);
    const tool = ofType(await watch(turn), 'step_completed').find(
      ({ step_type }) => step_type === 'tool_execution',
    );
    expect(tool).toMatchObject({ status: 'completed', result: { tool_responses: [{ is_error: false }] } });
  });

  test('point 17: runs tools one by one and hides what they do; here side by side, with every try told', async () => {
    await (await start('side by side')).result();
    expect(most).toBe(3);
    const events = await watch(await start('broken'));
    const tries = ofType(events, 'step_progress').filter(({ delta }) => delta.type === 'attempt_failed');
    expect(tries).toHaveLength(2);
    const ends = ofType(events, 'step_completed').filter(({ step_type }) => step_type === 'tool_execution');
    expect(ends.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(ends.map(({ error }) => error?.code)).toContain('unknown_tool');
    expect(JSON.stringify(ends)).not.toMatch(/\bat .*\.ts:\d+/);
  });
});
