// A turn that spans several runs: for those who follow it, it is one turn.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { InputAlreadyResolvedError, TurnIdConflictError } from '../src/client/index.js';
import { firstOf, reply, ScriptedResponsesServer, startTemporal, when } from '../src/testing/index.js';
import type { EmbeddedTemporal } from '../src/testing/index.js';
import type { EventWithId, InputOutcome, TurnHandle } from '../src/client/index.js';
import type { InputRequired } from '../src/events.js';
import { eventsQuery } from '../src/protocol/definitions.js';
import type { TurnInput } from '../src/workflows/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy, watch } from './support/watch.js';

const CALLS = 12;
const SAID = 'Let me look it up once more. ';

let temporal: EmbeddedTemporal;
let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  // A run of a few answers is long here.
  temporal = await startTemporal({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 30 } });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('many', ({ outputs }) =>
        outputs.length < CALLS ? [reply.text(SAID), reply.functionCall('look_up')] : reply.text('Found it.'),
      ),
      when('ask', ({ outputs }) =>
        outputs.length < 3
          ? reply.functionCall(['pay', 'ask_human', 'look_up'][outputs.length] ?? '')
          : reply.text('Paid.'),
      ),
      when('wordy', ({ outputs }) =>
        outputs.length < 2
          ? reply.functionCall('echo', { text: 'w'.repeat(600_000) })
          : reply.text('Enough.'),
      ),
      when('hang', ({ outputs }) =>
        outputs.length < 3 ? reply.functionCall('look_up') : reply.functionCall('hang'),
      ),
    ),
  });
  const parameters = z.object({});
  const tools = [
    defineTool({ name: 'look_up', parameters, execute: () => 'x'.repeat(2000) }),
    defineTool({ name: 'pay', parameters, needsApproval: true, execute: () => 'paid' }),
    defineTool({ name: 'ask_human', parameters }),
    defineTool({ name: 'echo', parameters: z.object({ text: z.string() }), execute: () => 'ok' }),
    defineTool({
      name: 'hang',
      parameters,
      execute: (_args, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    }),
  ];
  rig = await startRig({
    address: temporal.address,
    agents: [
      defineAgent({ name: 'assistant', model: 'scripted', tools }),
      defineAgent({ name: 'forgetful', model: 'scripted', tools, state: 'stateless' }),
      defineAgent({ name: 'talkative', model: 'scripted', tools, state: 'conversation' }),
    ],
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { workflowsPath: fileURLToPath(new URL('workflows/short-runs.ts', import.meta.url)) },
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
  await temporal?.stop();
});

let turns = 0;

/** Starts a turn with runs of another length than that of the server's suggestion. */
async function startAs(workflowType: string, input: TurnInput): Promise<TurnHandle> {
  const workflowId = `turn-${++turns}`;
  await rig.client.workflow.start(workflowType, {
    workflowId,
    taskQueue: rig.taskQueue,
    args: [input],
    memo: { turn: { agent: input.agent } },
  });
  return rig.turns.getHandle(workflowId);
}

/** Ids of the runs that told the events, in order. */
const runsOf = (events: readonly EventWithId[]) => [...new Set(events.map(({ id }) => id.split('.')[1]))];

test.each(['assistant', 'forgetful', 'talkative'])(
  '%s: a turn goes on in new runs, and whoever watched from the start sees what is read at the end',
  async (agent) => {
    const turn = await rig.turns.start({ agent, input: `many, ${agent}` });
    const live = await watch(turn);
    const events = await seenBy(rig, turn);

    expect(live).toEqual(events);
    expect(runsOf(events).length).toBeGreaterThan(2);
    expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'Found it.' });
    expect(ofType(events, 'turn_started')).toHaveLength(1);
    const { steps, num_steps, response_ids } = await turn.progress();
    expect(steps).toHaveLength(2 * CALLS + 1);
    expect(num_steps).toBe(2 * CALLS + 1);
    expect(new Set(response_ids).size).toBe(CALLS + 1);
    expect(steps.map((step) => ('text' in step ? step.text : ''))).toContain(SAID);
  },
);

test('every inference of a stateless turn is sent all that was said, over all runs', async () => {
  const input = 'many, stateless';
  const turn = await rig.turns.start({ agent: 'forgetful', input });
  await turn.result();

  const requests = model.modelRequests.filter(({ body }) => JSON.stringify(body?.['input']).includes(input));
  // The message, and for each response before: its text, its call and the output.
  expect(requests.map(({ body }) => itemsIn(body).length)).toEqual(
    Array.from({ length: CALLS + 1 }, (_, n) => 1 + 3 * n),
  );
});

const itemsIn = (body: { input?: unknown } | undefined): readonly unknown[] =>
  Array.isArray(body?.input) ? body.input : [body?.input];

test('a turn goes on behind any cursor, in whichever run it stands', async () => {
  const turn = await startAs('restlessTurn', { agent: 'assistant', input: 'many, cursors' });
  const events = await seenBy(rig, turn);

  expect(runsOf(events)).toHaveLength(CALLS + 1);
  for (const [index, { id }] of events.entries()) {
    if (index % 7 !== 0 && index < events.length - 2) continue;
    const rest: EventWithId[] = [];
    for await (const event of turn.events({ after: id })) rest.push(event);
    expect(rest).toEqual(events.slice(index + 1));
  }
});

test('the query events goes on counting, and says where its memory begins', async () => {
  const turn = await startAs('restlessTurn', { agent: 'assistant', input: 'many, queries' });
  const events = await seenBy(rig, turn);
  const query = (offset: number) => rig.client.workflow.getHandle(turn.turnId).query(eventsQuery, { offset });

  const refused = await query(0);
  const first = 'error' in refused ? refused.error.first : 0;
  expect(refused).toEqual({ error: { code: 'offset_too_old', first } });
  expect(first).toBeGreaterThan(0);
  expect(await query(first)).toEqual({
    events: events.slice(first).map(({ id: _id, ...event }) => event),
    next: events.length,
    first,
  });
});

test('what was decided in an earlier run is decided: again the same outcome, and no other one', async () => {
  const turn = await startAs('restlessTurn', { agent: 'assistant', input: 'ask, over runs' });
  const asked: InputRequired[] = [];
  const outcomes: InputOutcome[] = [];
  for await (const event of turn.events()) {
    if (event.type !== 'input_required') continue;
    asked.push(event);
    const isApproval = event.kind === 'approval';
    outcomes.push(await (isApproval ? turn.approve(event) : turn.submitToolOutput(event, { sum: 3 })));
    if (isApproval) continue;
    // Runs have passed since the approval.
    await expect(turn.deny(only(asked, 0))).rejects.toBeInstanceOf(InputAlreadyResolvedError);
    expect(await turn.approve(only(asked, 0))).toEqual(outcomes[0]);
  }
  const events = await seenBy(rig, turn);

  expect(runsOf(events).length).toBeGreaterThan(3);
  expect(await turn.submitToolOutput(only(asked, 1), { sum: 3 })).toEqual(outcomes[1]);
  expect(await turn.result()).toMatchObject({ final_text: 'Paid.' });
});

test('the same start finds a turn that has gone on in other runs, and another input does not', async () => {
  const turnId = 'started-again';
  const input = { agent: 'assistant', input: 'many, again' };
  const turn = await rig.turns.start(input, { turnId });
  const result = await turn.result();

  expect(await (await rig.turns.start(input, { turnId })).result()).toEqual(result);
  const other = { ...input, input: 'many, others' };
  await expect(rig.turns.start(other, { turnId })).rejects.toBeInstanceOf(TurnIdConflictError);
});

test('the time that a turn may take counts from its first run, and what runs then is cancelled', async () => {
  const limits = { max_seconds: 6 };
  const turn = await startAs('restlessTurn', { agent: 'assistant', input: 'hang', limits });
  const events = await seenBy(rig, turn);

  expect(runsOf(events).length).toBeGreaterThan(3);
  expect(events.at(-1)).toMatchObject({ stop_reason: 'limit_time', open_calls: [{ tool_name: 'hang' }] });
});

test('a turn is cancelled in a later run, and tells all that its runs came to', async () => {
  const turn = await startAs('restlessTurn', { agent: 'assistant', input: 'hang, cancelled' });
  for await (const event of turn.events()) {
    if (event.type === 'step_started' && event.step_type === 'tool_execution') {
      if (event.metadata.tool_name === 'hang') await turn.cancel();
    }
  }
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled', num_steps: 8, response_ids: { length: 4 } });
});

test('a terminated turn tells what its earlier runs came to', async () => {
  const turn = await startAs('restlessTurn', { agent: 'assistant', input: 'hang, terminated' });
  const seen: EventWithId[] = [];
  for await (const event of turn.events()) {
    seen.push(event);
    const isTool = event.type === 'step_started' && event.step_type === 'tool_execution';
    if (isTool && event.metadata.tool_name === 'hang') {
      await rig.client.workflow.getHandle(turn.turnId).terminate('enough');
    }
  }
  expect(await watch(turn)).toEqual(seen);
  expect(seen.at(-1)).toMatchObject({
    type: 'turn_failed',
    error: { code: 'terminated' },
    num_steps: 8,
    response_ids: { length: 4 },
  });
});

test('an answer that is too much to carry is answered in the run that got it', async () => {
  const turn = await startAs('restlessTurn', { agent: 'assistant', input: 'wordy' });
  const events = await seenBy(rig, turn);

  expect(await turn.result()).toMatchObject({ final_text: 'Enough.' });
  expect(runsOf(events)).toHaveLength(1);
});

test('where a turn cannot go on in a new run it ends before Temporal would end it', async () => {
  const turn = await startAs('narrowTurn', { agent: 'assistant', input: 'wordy, narrow' });
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({
    status: 'incomplete',
    stop_reason: 'limit_history',
    open_calls: [{ tool_name: 'echo' }],
  });
});

test('what only the turn itself may pass on is refused at its door', async () => {
  const workflowId = 'carried-by-a-stranger';
  const args = [{ agent: 'assistant', input: 'many' }, { version: 1 }];
  await rig.client.workflow.start('agentTurn', { workflowId, taskQueue: rig.taskQueue, args });
  const turn = rig.turns.getHandle(workflowId);

  expect((await watch(turn)).at(-1)).toMatchObject({ error: { code: 'invalid_turn_input' } });
});

function only<T>(list: readonly T[], index: number): T {
  const entry = list[index];
  if (entry === undefined) throw new Error(`there is no entry ${index}`);
  return entry;
}
