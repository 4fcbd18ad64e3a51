// Messages that come while a turn runs: they wait, join the turn, or interrupt it. None is lost, none is used twice.

import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { InputNotFoundError, TurnCancelledError } from '../src/client/index.js';
import type { SessionEventWithId, SessionHandle } from '../src/client/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { itemsOf } from './support/conversation.js';
import { listener, LONG } from './support/listener.js';
import { heardSignal } from './support/heard-signal.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { seenBy } from './support/watch.js';

const WAIT = { timeout: 60_000, interval: 50 };

let model: ScriptedResponsesServer;
let openai: OpenAI;
let rig: Rig;
const tools = new Map<string, { readonly started: () => void; readonly gate: Promise<void> }>();

/** Runs when somebody has approved it. */
const build = defineTool({
  name: 'build',
  parameters: z.object({}),
  needsApproval: true,
  execute: () => 'built',
});

/** Runs until the test lets it, or the turn is cancelled. */
const dig = defineTool({
  name: 'dig',
  parameters: z.object({ place: z.string() }),
  execute: async ({ place }, { signal }) => {
    const work = tools.get(place);
    work?.started();
    const cancelled = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
    });
    await Promise.race([work?.gate, cancelled]);
    return `dug at ${place}`;
  },
});

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when(/^dig /, eachTurn([(request) => reply.functionCall('dig', { place: request.prompt.slice(4) })])),
      when(/^build after /, eachTurn([() => reply.functionCall('build', {})])),
      when(/^slow/, eachTurn([reply.text(LONG, { perSecond: 50 })])),
      when(/^kept/, eachTurn([[reply.text('unheard'), reply.stall(undefined, { committed: true })]])),
      when(/^twice/, ({ input, prompt }) =>
        JSON.stringify(input).split(prompt).length > 2
          ? reply.text(LONG, { perSecond: 50 })
          : reply.text('once'),
      ),
      listener,
    ),
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  const agents = (['conversation', 'previous_response', 'stateless'] as const).map((state) =>
    defineAgent({ name: state, model: 'scripted', state, tools: [dig, build] }),
  );
  rig = await startRig({ agents, openai });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

/** A session whose turn is at its tool. */
async function digging(agent: string) {
  const place = randomUUID();
  const { promise: gate, resolve: open } = deferred();
  const { promise: started, resolve: start } = deferred();
  tools.set(place, { started: start, gate });
  const session = rig.turns.session(`s-${randomUUID()}`, { agent });
  const turn = await session.send(`dig ${place}`);
  await started;
  return { session, turn, place, open };
}

/** A session whose model speaks. */
async function speaking(agent: string) {
  const prompt = `slow ${randomUUID()}`;
  const session = rig.turns.session(`s-${randomUUID()}`, { agent });
  const turn = await session.send(prompt);
  await model.waitForRequest(
    ({ body, sent_events }) => JSON.stringify(body?.['input'] ?? '').includes(prompt) && sent_events > 10,
  );
  return { session, turn, prompt };
}

function deferred() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

async function eventsOf(session: SessionHandle): Promise<SessionEventWithId[]> {
  await session.close();
  const events: SessionEventWithId[] = [];
  for await (const event of session.events()) events.push(event);
  return events;
}

/** Every call has one output, and no item is there twice. */
async function expectSound(session: SessionHandle, texts: readonly string[]): Promise<void> {
  const { conversation } = await session.progress();
  if (conversation === undefined) return;
  const items: Record<string, unknown>[] = [];
  for await (const item of openai.conversations.items.list(conversation, { order: 'asc' }))
    items.push({ ...item });
  const ids = (type: string) =>
    items.filter((item) => item['type'] === type).map((item) => String(item['call_id']));
  expect(ids('function_call_output').toSorted()).toEqual(ids('function_call').toSorted());
  const said = items.filter((item) => item['role'] === 'user').map((item) => JSON.stringify(item['content']));
  expect(said.map((content) => texts.find((text) => content.includes(text)))).toEqual(texts);
}

describe('an interrupted turn in a conversation', () => {
  test('what the server took, but the turn did not hear, is not said again', async () => {
    const prompt = `kept ${randomUUID()}`;
    const session = rig.turns.session(`s-${randomUUID()}`, { agent: 'conversation' });
    await (await session.send('hello')).result();
    const turn = await session.send(prompt);
    await vi.waitFor(async () => {
      const { conversation = '' } = await session.progress();
      expect(await itemsOf(openai, conversation)).toContain('assistant: unheard');
    }, WAIT);
    const now = await session.send('stop', { whileBusy: 'interrupt' });

    await expect(turn.result()).rejects.toThrow(TurnCancelledError);
    expect(await now.result()).toMatchObject({ final_text: `heard: hello | ${prompt} | stop` });
    await expectSound(session, ['hello', prompt, 'stop']);
  });

  test('what the user had said in the same words before is said again all the same', async () => {
    const prompt = `twice ${randomUUID()}`;
    const session = rig.turns.session(`s-${randomUUID()}`, { agent: 'conversation' });
    await (await session.send(prompt)).result();
    const turn = await session.send(prompt);
    await model.waitForRequest(({ body, sent_events }) => body?.['input'] === prompt && sent_events > 20);
    const now = await session.send('stop', { whileBusy: 'interrupt' });

    await expect(turn.result()).rejects.toThrow(TurnCancelledError);
    expect(await now.result()).toMatchObject({ final_text: `heard: ${prompt} | ${prompt} | stop` });
  });
});

test('what a turn asks can be answered by the handle of a message that joined it', async () => {
  const { turn, place, open, session } = await digging('conversation');
  const joined = await session.send(`build after ${place}`, { whileBusy: 'steer' });
  await heardSignal(rig, turn, 'steer');
  open();
  for await (const event of joined.events()) {
    if (event.type === 'input_required') {
      expect(await joined.approve(event)).toMatchObject({ decision: 'approve' });
      break;
    }
  }
  expect(await joined.result()).toMatchObject({ turn_id: turn.turnId, status: 'completed' });
  const waits = await session.send('slow');
  const queued = await session.send('queued');
  await expect(queued.resolve({ input_id: 'x', arguments_hash: 'y', decision: 'approve' })).rejects.toThrow(
    InputNotFoundError,
  );
  await waits.cancel();
});

describe.each(['conversation', 'previous_response', 'stateless'])('with an agent of state %s', (agent) => {
  describe('steer', () => {
    test('joins a turn whose tool runs, before its next response', async () => {
      const { session, turn, place, open } = await digging(agent);
      const joined = await session.send('mind the pipe', { whileBusy: 'steer' });
      const later = await session.send('and then');
      await heardSignal(rig, turn, 'steer');
      open();

      expect(await turn.result()).toMatchObject({ final_text: `heard: dig ${place} | mind the pipe` });
      // The handle follows the turn that took it.
      expect(await joined.result()).toMatchObject({ turn_id: turn.turnId });
      expect(await joined.progress()).toMatchObject({ turn_id: turn.turnId, state: 'completed' });
      expect(await later.result()).toMatchObject({
        final_text: `heard: dig ${place} | mind the pipe | and then`,
      });
      await seenBy(rig, turn);
      await expectSound(session, [`dig ${place}`, 'mind the pipe', 'and then']);
      expect(await session.turns()).toMatchObject([
        { turn_id: turn.turnId, state: 'completed' },
        { turn_id: joined.turnId, state: 'steered', steered_into: turn.turnId },
        { turn_id: later.turnId, state: 'completed' },
      ]);
      const steered = (await eventsOf(session)).filter(({ type }) => type === 'message_steered');
      expect(steered).toMatchObject([{ message_id: joined.turnId.split('/').at(-1), turn_id: turn.turnId }]);
    });

    test('is not said when it is cancelled before it has joined', async () => {
      const { session, turn, place, open } = await digging(agent);
      const joins = await session.send('never said', { whileBusy: 'steer' });
      await heardSignal(rig, turn, 'steer');
      await joins.cancel();
      await expect(joins.result()).rejects.toThrow(TurnCancelledError);
      await heardSignal(rig, turn, 'cancel_message');
      open();

      expect(await turn.result()).toMatchObject({ final_text: `heard: dig ${place}` });
      const next = await session.send('next');
      expect(await next.result()).toMatchObject({ final_text: `heard: dig ${place} | next` });
      expect((await session.turns()).map(({ state }) => state)).toEqual([
        'completed',
        'cancelled',
        'completed',
      ]);
      await expect(joins.result()).rejects.toThrow(TurnCancelledError);
    });

    test('waits behind a message that interrupts, and is answered then', async () => {
      const { session, turn, place } = await digging(agent);
      const heard = `heard: dig ${place} | stop`;
      const waits = await session.send('patient', { messageId: 'patient' });
      const joins = await session.send('by the way', { messageId: 'joins', whileBusy: 'steer' });
      await heardSignal(rig, turn, 'steer');
      const queue = [{ message_id: 'joins' }, { message_id: 'patient' }];
      expect(await session.progress()).toMatchObject({ queue });
      expect(await rig.client.workflow.getHandle(session.sessionId).query('progress')).toMatchObject({
        queue,
      });
      const now = await session.send('stop', { whileBusy: 'interrupt' });

      await expect(turn.result()).rejects.toThrow(TurnCancelledError);
      expect(await now.result()).toMatchObject({ final_text: heard });
      expect(await joins.result()).toMatchObject({ final_text: `${heard} | by the way` });
      expect(await waits.result()).toMatchObject({ final_text: `${heard} | by the way | patient` });
      await expectSound(session, [`dig ${place}`, 'stop', 'by the way', 'patient']);
    });

    test('runs as a turn of its own when the model has no further response to make', async () => {
      const { session, turn, prompt } = await speaking(agent);
      const own = await session.send('too late', { whileBusy: 'steer' });

      await turn.result();
      expect(await own.result()).toMatchObject({
        turn_id: own.turnId,
        final_text: `heard: ${prompt} | too late`,
      });
      await expectSound(session, [prompt, 'too late']);
      expect((await eventsOf(session)).map(({ type }) => type)).not.toContain('message_steered');
    });

    test('runs as a turn of its own where none runs', async () => {
      const session = rig.turns.session(`s-${randomUUID()}`, { agent });
      const alone = await session.send('alone', { whileBusy: 'steer' });
      expect(await alone.result()).toMatchObject({ turn_id: alone.turnId, final_text: 'heard: alone' });
    });
  });

  describe('interrupt', () => {
    test('ends a turn that speaks; what the model did not answer is said again', async () => {
      const { session, turn, prompt } = await speaking(agent);
      const waiting = await session.send('patient');
      const now = await session.send('stop', { whileBusy: 'interrupt' });

      await expect(turn.result()).rejects.toThrow(TurnCancelledError);
      const { steps } = await turn.progress();
      expect(steps).toMatchObject([{ text: expect.stringContaining('word0') }]);
      expect(await now.result()).toMatchObject({ final_text: `heard: ${prompt} | stop` });
      expect(await waiting.result()).toMatchObject({ final_text: `heard: ${prompt} | stop | patient` });
      await seenBy(rig, turn);
      await expectSound(session, [prompt, 'stop', 'patient']);
    });

    test('ends a turn whose tool runs; the conversation stays sound', async () => {
      const { session, turn, place } = await digging(agent);
      const now = await session.send('stop', { whileBusy: 'interrupt' });

      await expect(turn.result()).rejects.toThrow(TurnCancelledError);
      expect(await now.result()).toMatchObject({ final_text: `heard: dig ${place} | stop` });
      await seenBy(rig, turn);
      await expectSound(session, [`dig ${place}`, 'stop']);
    });

    test('several in a row: the last one hears of all', async () => {
      const { session, prompt } = await speaking(agent);
      const first = await session.send('slow down', { whileBusy: 'interrupt' });
      await model.waitForRequest(
        ({ body, sent_events }) =>
          JSON.stringify(body?.['input'] ?? '').includes('slow down') &&
          JSON.stringify(body?.['input']).includes(prompt) &&
          sent_events > 10,
      );
      const last = await session.send('stop', { whileBusy: 'interrupt' });

      await expect(first.result()).rejects.toThrow(TurnCancelledError);
      expect(await last.result()).toMatchObject({ final_text: `heard: ${prompt} | slow down | stop` });
      await expectSound(session, [prompt, 'slow down', 'stop']);
    });
  });
});
