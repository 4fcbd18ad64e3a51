// Who follows a session whose workflow an operator resets goes on with the run that the reset made.

import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { TurnCancelledError, TurnNotFoundError } from '../src/client/index.js';
import type { SessionEventWithId, SessionHandle, TurnHandle } from '../src/client/index.js';
import { startTemporal } from '../src/dev/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { listener } from './support/listener.js';
import { resetTo } from './support/reset.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

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

/** In no order, and without the time at which a message came: of one that a reset brings it is another one. */
const gist = (events: readonly SessionEventWithId[]): readonly string[] =>
  events
    .map(({ id: _id, ...event }) => {
      if (event.type !== 'turn_queued' && event.type !== 'message_steered') return JSON.stringify(event);
      const { at: _at, ...rest } = event;
      return JSON.stringify(rest);
    })
    .toSorted();

/** What somebody saw through resets is what is told to who comes later, each event once. */
function sameStory(seen: readonly SessionEventWithId[], late: readonly SessionEventWithId[]): void {
  expect(gist(seen)).toEqual(gist(late));
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
}

const typesOf = (events: readonly SessionEventWithId[], type: string): readonly string[] =>
  events.flatMap((event) => (event.type === type ? [event.turn_id] : []));

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
