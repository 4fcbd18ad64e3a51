// Who follows a session whose workflow an operator resets goes on with the run that the reset made.

import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { TurnCancelledError, TurnNotFoundError } from '../src/client/index.js';
import type { SessionEventWithId, SessionHandle, TurnHandle } from '../src/client/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { heardSignal } from './support/heard-signal.js';
import { listener } from './support/listener.js';
import { resetTo } from './support/reset.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { startRestless } from './support/short-runs.js';

/** Each place is dug at until the test lets it. */
const gates = new Map<string, { readonly passed: Promise<void>; readonly open: () => void }>();

function gateOf(place: string) {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  const gate = gates.get(place) ?? { passed, open: () => open() };
  gates.set(place, gate);
  return gate;
}

let model: ScriptedResponsesServer;
let openai: OpenAI;
let rig: Rig;

const dig = defineTool({
  name: 'dig',
  parameters: z.object({ place: z.string() }),
  execute: async ({ place }, { signal }) => {
    const cancelled = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
    });
    await Promise.race([gateOf(place).passed, cancelled]);
    return `dug at ${place}`;
  },
});

const agents = (['conversation', 'previous_response', 'stateless'] as const).map((state) =>
  defineAgent({ name: state, model: 'scripted', state, tools: [dig] }),
);

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when(/^dig /, eachTurn([({ prompt }) => reply.functionCall('dig', { place: prompt.slice(4) })])),
      listener,
    ),
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  rig = await startRig({ agents, openai });
});

afterAll(async () => {
  for (const { open } of gates.values()) open();
  await rig?.stop();
  await model?.stop();
});

const newSession = (agent = 'conversation', { turns } = rig): SessionHandle =>
  turns.session(`s-${randomUUID()}`, { agent });

async function say(session: SessionHandle, text: string): Promise<string> {
  return (await (await session.send(text, { messageId: text.replaceAll(' ', '-') })).result()).final_text;
}

/** A turn that stands at its tool. */
async function digs(session: SessionHandle, place: string): Promise<TurnHandle> {
  const turn = await session.send(`dig ${place}`, { messageId: `dig-${place}` });
  for await (const event of turn.events())
    if (event.type === 'step_started' && event.step_type === 'tool_execution') break;
  return turn;
}

/** Reads to the close; `seen` grows while it reads. */
function attach(session: SessionHandle, after?: string) {
  const seen: SessionEventWithId[] = [];
  const ended = (async () => {
    for await (const event of session.events(after === undefined ? {} : { after })) seen.push(event);
  })();
  // A test that fails first does not await it.
  ended.catch(() => undefined);
  return { seen, ended };
}

async function now(session: SessionHandle, after?: string): Promise<SessionEventWithId[]> {
  const seen: SessionEventWithId[] = [];
  for await (const event of session.events({ follow: false, ...(after === undefined ? {} : { after }) }))
    seen.push(event);
  return seen;
}

async function untilSeen(seen: readonly SessionEventWithId[], count: number): Promise<void> {
  await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(count), {
    timeout: 60_000,
    interval: 20,
  });
}

/**
 * In no order, and without the time of what the session says of its messages (that one came, or was cancelled before it
 * had a turn): of one that a reset brings it is another one.
 */
function gist(events: readonly SessionEventWithId[]): readonly string[] {
  const begun = new Set(typesOf(events, 'turn_started'));
  return events
    .map(({ id: _id, ...event }) => {
      const isOfTurn = event.type !== 'turn_queued' && event.type !== 'message_steered';
      if (isOfTurn && (event.type !== 'turn_cancelled' || begun.has(event.turn_id)))
        return JSON.stringify(event);
      const { at: _at, ...rest } = event;
      return JSON.stringify(rest);
    })
    .toSorted();
}

/** What somebody saw through resets is what is told to who comes later, each event once. */
function sameStory(seen: readonly SessionEventWithId[], late: readonly SessionEventWithId[]): void {
  expect(gist(seen)).toEqual(gist(late));
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
}

const typesOf = (events: readonly SessionEventWithId[], type: string): readonly string[] =>
  events.flatMap((event) => (event.type === type ? [event.turn_id] : []));

/** What the workflow itself says of its messages. */
const queryOf = (session: SessionHandle): Promise<unknown> =>
  rig.client.workflow.getHandle(session.sessionId).query('turns');

/** So many workflow tasks were completed. */
async function tasksOf({ sessionId }: SessionHandle): Promise<number> {
  const { events } = await rig.client.workflow.getHandle(sessionId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).length;
}

/** Oldest first. */
async function runIds({ client }: Rig, { sessionId }: SessionHandle): Promise<readonly string[]> {
  const { raw } = await client.workflow.getHandle(sessionId).describe();
  const runs: string[] = [];
  for (let runId = raw.workflowExecutionInfo?.firstRunId; runId;) {
    runs.push(runId);
    const { events } = await client.workflow.getHandle(sessionId, runId).fetchHistory();
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
}

describe.each(['conversation', 'previous_response', 'stateless'])('of state %s', (agent) => {
  test.each([
    ['at its start', 0],
    ['at its last task', -1],
  ])('a session is reset %s while a turn runs: watchers go on, from any cursor', async (_where, task) => {
    const session = newSession(agent);
    await say(session, 'one');
    await say(session, 'two');
    const place = randomUUID();
    const turn = await digs(session, place);
    const waits = await session.send('waits', { messageId: 'waits' });
    const waited = waits.result();
    const before = await now(session);
    const live = attach(session);
    await untilSeen(live.seen, before.length);
    await resetTo(rig, { turnId: session.sessionId }, task);
    gateOf(place).open();

    expect(await turn.result()).toMatchObject({ final_text: `heard: one | two | dig ${place}` });
    expect(await waited).toMatchObject({ final_text: `heard: one | two | dig ${place} | waits` });
    expect(await say(session, 'later')).toBe(`heard: one | two | dig ${place} | waits | later`);
    await session.close();
    await live.ended;

    const late = await now(session);
    sameStory(live.seen, late);
    expect(typesOf(late, 'turn_started')).toEqual((await session.turns()).map(({ turn_id }) => turn_id));
    for (const [index, { id }] of before.entries())
      sameStory([...before.slice(0, index + 1), ...(await now(session, id))], late);
    for (const [index, { id }] of live.seen.entries())
      sameStory([...live.seen.slice(0, index + 1), ...(await now(session, id))], late);
  });
});

describe('what a reset takes back', () => {
  test.each(['conversation', 'previous_response', 'stateless'])(
    'messages that joined a turn or interrupted one are not said again, and the next turn knows all: %s',
    async (agent) => {
      const session = newSession(agent);
      const place = randomUUID();
      await say(session, 'one');
      const turn = await digs(session, place);
      const waits = await session.send('waits', { messageId: 'waits' });
      const joins = await session.send('joins', { messageId: 'joins', whileBusy: 'steer' });
      await heardSignal(rig, turn, 'steer');
      gateOf(place).open();
      expect(await joins.result()).toMatchObject({ final_text: `heard: one | dig ${place} | joins` });
      await waits.result();
      const other = randomUUID();
      await digs(session, other);
      const breaks = await session.send('breaks', { messageId: 'breaks', whileBusy: 'interrupt' });
      const heard = `heard: one | dig ${place} | joins | waits | dig ${other} | breaks`;
      expect(await breaks.result()).toMatchObject({ final_text: heard });
      const before = await session.turns();
      const told = await now(session);
      const live = attach(session);
      await untilSeen(live.seen, told.length);
      const requests = model.modelRequests.length;
      await resetTo(rig, { turnId: session.sessionId }, 0);

      expect(await say(session, 'later')).toBe(`${heard} | later`);
      expect((await session.turns()).slice(0, -1)).toEqual(before);
      expect(await queryOf(session)).toEqual(await session.turns());
      expect(model.modelRequests).toHaveLength(requests + 1);
      await session.close();
      await live.ended;
      sameStory(live.seen, await now(session));
    },
  );

  test('a session that was closed stays closed, and its turns are what they were', async () => {
    const session = newSession();
    await say(session, 'one');
    await say(session, 'two');
    const place = randomUUID();
    const turn = await digs(session, place);
    const waits = await session.send('waits', { messageId: 'waits' });
    const live = attach(session);
    await session.close();
    await live.ended;
    await expect(waits.result()).rejects.toThrow(TurnCancelledError);
    const before = await session.turns();
    const old = await rig.client.workflow.getHandle(session.sessionId).describe();
    await resetTo(rig, { turnId: session.sessionId }, 0);
    await rig.client.workflow.getHandle(session.sessionId).result();

    expect((await rig.client.workflow.getHandle(session.sessionId).describe()).runId).not.toBe(old.runId);
    expect(await session.turns()).toEqual(before);
    expect(await queryOf(session)).toEqual(before);
    // The close is told before how the turn that ran has ended: who comes late is told of a message that was cancelled.
    const ended = [turn.turnId, waits.turnId].toSorted();
    for (const [index, { id }] of [{ id: undefined }, ...live.seen].entries()) {
      const seen = [...live.seen.slice(0, index), ...(await now(session, id))];
      expect(typesOf(seen, 'turn_completed')).toEqual(typesOf(live.seen, 'turn_completed'));
      expect(typesOf(seen, 'turn_cancelled').toSorted()).toEqual(ended);
      if (typesOf(live.seen.slice(0, index), 'turn_started').includes(turn.turnId))
        sameStory(seen, live.seen);
    }
  });

  test('messages that it does not bring along have ended: watchers and handles are told', async () => {
    const session = newSession();
    await say(session, 'one');
    const place = randomUUID();
    const turn = await digs(session, place);
    const tasks = await tasksOf(session);
    const waits = await session.send('waits', { messageId: 'waits' });
    const refused = waits.result().catch((error: unknown) => error);
    const before = await now(session);
    const live = attach(session);
    await untilSeen(live.seen, before.length);
    // Where the running turn had been started, and nobody waited yet.
    await resetTo(rig, { turnId: session.sessionId }, tasks - 1, undefined, { reapply: false });
    gateOf(place).open();
    await turn.result();
    expect(await say(session, 'later')).toBe(`heard: one | dig ${place} | later`);
    expect(await refused).toBeInstanceOf(TurnNotFoundError);
    await session.close();
    await live.ended;

    expect(typesOf(live.seen, 'turn_cancelled')).toEqual([waits.turnId]);
    expect(typesOf(live.seen, 'turn_started')).toEqual((await session.turns()).map(({ turn_id }) => turn_id));
    const late = await now(session);
    expect(JSON.stringify(late)).not.toContain(waits.turnId);
    for (const [index, { id }] of live.seen.entries()) {
      const told = live.seen.slice(0, index + 1);
      const knew = typesOf(told, 'turn_queued').includes(waits.turnId);
      sameStory([...told, ...(await now(session, id))], knew ? live.seen : late);
    }
  });

  test('a turn that was running and is terminated then does not hold the session up', async () => {
    const session = newSession();
    await say(session, 'one');
    const turn = await digs(session, randomUUID());
    const waits = await session.send('waits', { messageId: 'waits' });
    await resetTo(rig, { turnId: session.sessionId }, -1);
    await rig.client.workflow.getHandle(turn.turnId).terminate('test');
    expect(await waits.result()).toMatchObject({ final_text: expect.stringMatching(/waits$/) });
  });
});

test('a session is reset twice, and the watcher goes along', async () => {
  const session = newSession('previous_response');
  await say(session, 'one');
  const place = randomUUID();
  const turn = await digs(session, place);
  const live = attach(session);
  await untilSeen(live.seen, (await now(session)).length);
  await resetTo(rig, { turnId: session.sessionId }, 0);
  const waits = await session.send('waits', { messageId: 'waits' });
  await vi.waitFor(() => expect(typesOf(live.seen, 'turn_queued')).toContain(waits.turnId), {
    timeout: 60_000,
    interval: 20,
  });
  await resetTo(rig, { turnId: session.sessionId }, 0);
  gateOf(place).open();
  await turn.result();
  expect(await waits.result()).toMatchObject({ final_text: `heard: one | dig ${place} | waits` });
  await session.close();
  await live.ended;
  const late = await now(session);
  sameStory(live.seen, late);
  for (const [index, { id }] of live.seen.entries())
    sameStory([...live.seen.slice(0, index + 1), ...(await now(session, id))], late);
});

/** A session of several runs; what was said is `m0` to `m11`. */
async function longSession() {
  const restless = await startRestless(40, { agents, openai });
  const session = newSession('previous_response', restless);
  await say(session, 'm0');
  const live = attach(session);
  for (let n = 1; n < 12; n++) await say(session, `m${n}`);
  const runs = await runIds(restless, session);
  expect(runs.length).toBeGreaterThan(3);
  return { restless, session, live, runs };
}

test('runs whose retention is over are left out, for those too who stand in them', async () => {
  const { restless, session, live, runs } = await longSession();
  await session.close();
  await live.ended;
  const all = live.seen;
  const gone = runs.slice(0, 2);
  for (const runId of gone) {
    await restless.client.workflowService.deleteWorkflowExecution({
      namespace: restless.client.options.namespace,
      workflowExecution: { workflowId: session.sessionId, runId },
    });
  }
  const runOf = ({ id }: SessionEventWithId): string => id.split(/[~.]/)[1] ?? '';
  for (const runId of gone) {
    const run = restless.client.workflow.getHandle(session.sessionId, runId);
    await vi.waitFor(
      async () => {
        await expect(run.describe()).rejects.toThrow(/not.?found/i);
        await expect(run.fetchHistory()).rejects.toThrow(/not.?found/i);
      },
      { timeout: 60_000, interval: 50 },
    );
  }
  const fresh = gist(await now(session));
  expect(gist(all)).toEqual(expect.arrayContaining([...fresh]));
  expect(fresh.length).toBeLessThan(all.length);
  for (const [index, event] of all.entries()) {
    if (!gone.includes(runOf(event)) || index % 4 > 0) continue;
    const told = all.slice(0, index + 1);
    const seen = gist([...told, ...(await now(session, event.id))]);
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen).toEqual(expect.arrayContaining([...fresh]));
  }
});

test.each([
  ['its last run', -1],
  ['an earlier run', 1],
  ['its first run', 0],
])('a session of many runs is reset in %s', async (_which, at) => {
  const { restless, session, live, runs } = await longSession();
  const place = randomUUID();
  await digs(session, place);
  const told = await now(session);
  await untilSeen(live.seen, told.length);
  const before = await session.turns();
  await resetTo(restless, { turnId: session.sessionId }, 0, runs.at(at));
  gateOf(place).open();
  const heard = Array.from({ length: 12 }, (_, n) => `m${n}`).join(' | ');

  expect(await say(session, 'later')).toBe(`heard: ${heard} | dig ${place} | later`);
  expect((await session.turns()).map(({ turn_id }) => turn_id)).toEqual([
    ...before.map(({ turn_id }) => turn_id),
    `${session.sessionId}/later`,
  ]);
  await session.close();
  await live.ended;
  const late = await now(session);
  sameStory(live.seen, late);
  for (const [index, { id }] of told.entries()) {
    if (index % 5 > 0 && index < told.length - 3) continue;
    sameStory([...told.slice(0, index + 1), ...(await now(session, id))], late);
  }
});
