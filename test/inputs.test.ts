// Approvals and outputs from outside: asked in events and progress, answered by update, once.

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import {
  InputAlreadyResolvedError,
  InputNotFoundError,
  InvalidResolutionError,
} from '../src/client/index.js';
import type { TurnHandle } from '../src/client/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import type { InputRequired } from '../src/events.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { runCompiled } from './support/run-script.js';
import { ofType, seenBy } from './support/watch.js';

const ran: string[] = [];
const tools = [
  defineTool({
    name: 'pay',
    parameters: z.object({ amount: z.number() }),
    needsApproval: ({ amount }) => amount > 10,
    execute: ({ amount }) => {
      ran.push(`pay ${amount}`);
      return `paid ${amount}`;
    },
  }),
  defineTool({ name: 'ask_human', parameters: z.object({ question: z.string() }) }),
  defineTool({
    name: 'soon',
    parameters: z.object({}),
    needsApproval: true,
    inputTimeout: '300ms',
    execute: () => 'ran',
  }),
  defineTool({
    name: 'soon_or_never',
    parameters: z.object({}),
    inputTimeout: '300ms',
    onInputTimeout: 'fail-turn',
  }),
];

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  const then = reply.text('done');
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('pay', eachTurn([reply.functionCall('pay', { amount: 100 }), then])),
      when('coffee', eachTurn([reply.functionCall('pay', { amount: 3 }), then])),
      when('human', eachTurn([reply.functionCall('ask_human', { question: 'why?' }), then])),
      when('in time', eachTurn([reply.functionCall('soon'), then])),
      when('give up', eachTurn([reply.functionCall('soon_or_never'), then])),
      when(
        'both',
        eachTurn([
          [reply.functionCall('pay', { amount: 50 }), reply.functionCall('ask_human', { question: 'x' })],
          then,
        ]),
      ),
      when(
        'twice',
        eachTurn([
          reply.functionCall('pay', { amount: 20 }, { callId: 'call_0' }),
          reply.functionCall('pay', { amount: 30 }, { callId: 'call_0' }),
          then,
        ]),
      ),
      when('server', eachTurn([reply.mcpApproval('lab', 'measure', '{"x":1}'), then])),
    ),
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools });
  rig = await startRig({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

const start = (input: string) => rig.turns.start({ agent: 'assistant', input });

async function question(turn: TurnHandle, n = 1): Promise<InputRequired> {
  let seen = 0;
  for await (const event of turn.events()) if (event.type === 'input_required' && ++seen === n) return event;
  throw new Error('the turn asked nothing');
}

/** What the last request of a turn told the model of its calls. */
function told(prompt: string): unknown[] {
  const first = model.modelRequests.findIndex(({ body }) => body?.['input'] === prompt);
  const { input } = (model.modelRequests[first + 1]?.body ?? {}) as { input?: unknown[] };
  return input ?? [];
}

describe('a call that needs an approval', () => {
  test('waits, and runs once when it is approved; the same decision again changes nothing', async () => {
    const turn = await start('pay it');
    const asked = await question(turn);
    expect(asked).toMatchObject({ kind: 'approval', tool_name: 'pay', arguments: '{"amount":100}' });
    expect(await turn.progress()).toMatchObject({ state: 'waiting', inputs: [{ input_id: asked.input_id }] });
    expect(ran).not.toContain('pay 100');

    const outcome = await turn.approve(asked, { by: 'ada', reason: 'fine' });
    const events = await seenBy(rig, turn);

    expect(outcome).toMatchObject({ decision: 'approve', by: 'ada', reason: 'fine' });
    expect(ran.filter((run) => run === 'pay 100')).toHaveLength(1);
    expect(ofType(events, 'input_resolved')).toMatchObject([{ decision: 'approve', by: 'ada' }]);
    const steps = ofType(events, 'step_started').filter(({ step_type }) => step_type === 'tool_execution');
    expect(steps).toMatchObject([{ step_id: asked.step_id }]);
    expect(told('pay it')).toMatchObject([{ type: 'function_call_output', output: 'paid 100' }]);
    expect(await turn.approve(asked)).toEqual(outcome);
    await expect(turn.deny(asked)).rejects.toBeInstanceOf(InputAlreadyResolvedError);
  });

  test('is answered to the model when it is denied', async () => {
    const turn = await start('pay the other');
    await turn.deny(await question(turn), { reason: 'too much' });
    const events = await seenBy(rig, turn);

    expect(told('pay the other')).toMatchObject([{ output: 'The call was denied. Reason: too much' }]);
    expect(ofType(events, 'step_completed').find(({ status }) => status === 'denied')).toMatchObject({
      result: { tool_responses: [{ is_error: true }] },
    });
  });

  test('is not asked about where its arguments need none', async () => {
    const turn = await start('coffee');
    const events = await seenBy(rig, turn);

    expect(ofType(events, 'input_required')).toEqual([]);
    expect(ran).toContain('pay 3');
  });

  test('refuses decisions about other arguments, unknown inputs and decisions that do not fit', async () => {
    const turn = await start('pay with care');
    const asked = await question(turn);

    await expect(turn.approve({ ...asked, arguments_hash: '0' })).rejects.toBeInstanceOf(
      InvalidResolutionError,
    );
    await expect(turn.approve({ ...asked, input_id: 'input-0' })).rejects.toBeInstanceOf(InputNotFoundError);
    await expect(turn.submitToolOutput(asked, 'x')).rejects.toBeInstanceOf(InvalidResolutionError);
    await turn.approve(asked);
    await seenBy(rig, turn);
  });

  test('is told apart from one of a later response with the same call id', async () => {
    const turn = await start('twice');
    const first = await question(turn);
    await turn.approve(first);
    const second = await question(turn, 2);
    await turn.deny(second);
    const events = await seenBy(rig, turn);

    expect(second.call_id).toBe(first.call_id);
    expect(second.input_id).not.toBe(first.input_id);
    const tools_ = ofType(events, 'step_completed').filter(({ step_type }) => step_type === 'tool_execution');
    expect(tools_.map(({ status }) => status)).toEqual(['completed', 'denied']);
  });

  test('is cancelled with its turn', async () => {
    const turn = await start('pay, or rather not');
    await question(turn);
    await turn.cancel();
    const events = await seenBy(rig, turn);

    expect(ofType(events, 'input_resolved')).toMatchObject([{ decision: 'cancelled' }]);
    expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled' });
  });

  test('survives the worker: another process decides while none is up', async () => {
    const turn = await start('pay after a restart');
    await question(turn);
    ran.length = 0;
    await rig.stopWorker();
    const decided = runCompiled('test/support/decide.ts', {
      args: [turn.turnId],
      env: { TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: inject('temporalNamespace') },
    });
    const agent = defineAgent({ name: 'assistant', model: 'scripted', tools });
    rig = await startRig({
      agents: [agent],
      openai: { apiKey: 'k', baseURL: model.url },
      taskQueue: rig.taskQueue,
    });
    expect(await decided).toMatchObject({ exit: 0, lastLine: 'approve by another process' });
    await seenBy(rig, turn);

    expect(told('pay after a restart')).toMatchObject([{ output: 'paid 100' }]);
    expect(ran).toEqual(['pay 100']);
  });
});

describe('a tool that somebody else runs', () => {
  test('gives the submitted output to the model and to watchers', async () => {
    const turn = await start('a human');
    await turn.submitToolOutput(await question(turn), { answer: 42 }, { by: 'bob' });
    const events = await seenBy(rig, turn);

    expect(told('a human')).toMatchObject([{ output: '{"answer":42}' }]);
    expect(ofType(events, 'step_completed').at(1)).toMatchObject({
      status: 'completed',
      result: { tool_responses: [{ content: '{"answer":42}', is_error: false }] },
    });
  });

  test('may fail', async () => {
    const turn = await start('a human who is ill');
    await turn.submitToolError(await question(turn), 'nobody home');
    await seenBy(rig, turn);

    expect(told('a human who is ill')).toMatchObject([{ output: 'The tool failed. Reason: nobody home' }]);
  });
});

test('several questions of one response are asked side by side and answered in call order', async () => {
  const turn = await start('both');
  const pay = await question(turn);
  const human = await question(turn, 2);
  await turn.submitToolOutput(human, 'because');
  await turn.approve(pay);
  await seenBy(rig, turn);

  expect(told('both')).toMatchObject([{ output: 'paid 50' }, { output: 'because' }]);
});

describe('when nobody answers in time', () => {
  test('the call counts as denied', async () => {
    const turn = await start('in time');
    const events = await seenBy(rig, turn);

    expect(ofType(events, 'input_required')[0]?.expires_at).toBeDefined();
    expect(ofType(events, 'input_resolved')).toMatchObject([{ decision: 'timeout' }]);
    expect(told('in time')).toMatchObject([
      { output: expect.stringContaining('nobody answered') as unknown },
    ]);
  });

  test('the turn fails where the tool says so', async () => {
    const turn = await start('give up');
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({ type: 'turn_failed', error: { code: 'input_timed_out' } });
  });
});

test("a server's MCP approval request is asked and answered the same way", async () => {
  const turn = await start('server');
  const asked = await question(turn);
  await turn.approve(asked, { reason: 'ok' });
  const events = await seenBy(rig, turn);

  expect(asked).toMatchObject({
    kind: 'approval',
    tool_name: 'measure',
    server_label: 'lab',
    arguments: '{"x":1}',
  });
  const [inference] = ofType(events, 'step_completed');
  expect(inference).toMatchObject({ step_id: asked.step_id, result: { stop_reason: 'approval_required' } });
  expect(told('server')).toMatchObject([
    { type: 'mcp_approval_response', approve: true, approval_request_id: asked.call_id },
  ]);
});
