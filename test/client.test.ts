// What a service does with turns: start them, find them, follow them from anywhere, wait for them.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  InvalidCursorError,
  NoWorkerError,
  TurnClient,
  TurnIdConflictError,
  TurnNotFoundError,
} from '../src/client/index.js';
import { defineAgent } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { watch } from './support/watch.js';

const WORDS = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('slow', () => reply.text(WORDS, { perSecond: 40 })),
      when('cut', eachTurn([[reply.text('lost words'), reply.cut()], reply.text('the answer')])),
      () => reply.text('Hello.'),
    ),
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted' });
  rig = await startRig({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

const input = { agent: 'assistant', input: 'hi' };

describe('start', () => {
  test('is idempotent by turn id: while the turn runs, and after it has ended', async () => {
    const turnId = `order-${randomUUID()}`;
    const slow = { agent: 'assistant', input: `slow ${turnId}` };
    const [first, second] = await Promise.all([
      rig.turns.start(slow, { turnId }),
      rig.turns.start(slow, { turnId }),
    ]);
    await first.result();
    const third = await rig.turns.start(slow, { turnId });

    expect([second.turnId, third.turnId]).toEqual([turnId, turnId]);
    expect(await third.result()).toMatchObject({ final_text: WORDS });
    expect(model.modelRequests.filter(({ body }) => body?.['input'] === slow.input)).toHaveLength(1);
  });

  test('takes what is undefined for what was left out', async () => {
    const turnId = `order-${randomUUID()}`;
    const turn = await rig.turns.start(input, { turnId, memo: undefined });
    const again = { ...input, session_id: undefined, previous_response_id: undefined, limits: undefined };
    expect(await rig.turns.startOrFind(again, { turnId })).toMatchObject({ found: true });
    const seen: string[] = [];
    const options = { after: undefined, signal: undefined, follow: undefined };
    for await (const { type } of turn.events(options)) seen.push(type);
    expect(seen.at(-1)).toBe('turn_completed');
    await expect(rig.turns.list({ limit: undefined, status: undefined })).resolves.toBeDefined();
  });

  test('tells a turn that was there from one that it started', async () => {
    const turnId = `order-${randomUUID()}`;
    expect(await rig.turns.startOrFind(input, { turnId })).toMatchObject({ found: false });
    expect(await rig.turns.startOrFind(input, { turnId })).toMatchObject({ found: true, turn: { turnId } });
  });

  test('refuses another input under the same id', async () => {
    const turnId = `order-${randomUUID()}`;
    await rig.turns.start(input, { turnId });

    const again = rig.turns.start({ ...input, input: 'something else' }, { turnId });
    await expect(again).rejects.toBeInstanceOf(TurnIdConflictError);
  });

  test('gives a turn an id of its own when none is asked for', async () => {
    const [one, two] = await Promise.all([rig.turns.start(input), rig.turns.start(input)]);
    expect(one.turnId).not.toBe(two.turnId);
    await Promise.all([one.result(), two.result()]);
  });

  test('sets the memo that lists show', async () => {
    const turn = await rig.turns.start({ ...input, session_id: 'session-7' });
    const { memo } = await rig.client.workflow.getHandle(turn.turnId).describe();
    expect(memo).toEqual({ turn: { agent: 'assistant', session_id: 'session-7' } });
    await turn.result();
  });
});

describe('events', () => {
  test('go on behind any cursor, each event once', async () => {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'slow cursor' });
    const events = await watch(turn);

    for (const [place, { id }] of events.entries()) {
      const rest = [];
      for await (const event of turn.events({ after: id })) rest.push(event);
      expect(rest).toEqual(events.slice(place + 1));
    }
  });

  test('end at what is there, when nobody wants to follow', async () => {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'slow, looked at once' });
    for await (const { type } of turn.events()) if (type === 'step_progress') break;
    const seen = [];
    for await (const { type } of turn.events({ follow: false })) seen.push(type);

    expect(seen.slice(0, 3)).toEqual(['turn_started', 'step_started', 'step_progress']);
    expect(await turn.result()).toMatchObject({ status: 'completed' });
    expect(seen).not.toContain('turn_completed');
  });

  test('end when the reader says so, and leave the turn alone', async () => {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'slow, watched for a while' });
    const stop = new AbortController();
    const reading = (async () => {
      for await (const event of turn.events({ signal: stop.signal })) {
        if (event.type === 'step_progress') stop.abort(new Error('seen enough'));
      }
    })();

    await expect(reading).rejects.toThrow('seen enough');
    expect(await turn.result()).toMatchObject({ status: 'completed' });
  });

  test('refuse a cursor that is none', async () => {
    const turn = rig.turns.getHandle('any');
    await expect(turn.events({ after: 'yesterday' }).next()).rejects.toBeInstanceOf(InvalidCursorError);
  });

  test('of a turn that nobody knows are a typed error, and so are its result and progress', async () => {
    const turn = rig.turns.getHandle(`unknown-${randomUUID()}`);

    await expect(turn.events().next()).rejects.toBeInstanceOf(TurnNotFoundError);
    await expect(turn.result()).rejects.toBeInstanceOf(TurnNotFoundError);
    await expect(turn.progress()).rejects.toBeInstanceOf(TurnNotFoundError);
  });

  test('of a terminated turn end as failed', async () => {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'slow, terminated' });
    for await (const event of turn.events()) if (event.type === 'step_progress') break;
    await rig.client.workflow.getHandle(turn.turnId).terminate('enough');
    const events = await watch(turn);

    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { code: 'terminated', message: expect.stringContaining('enough') as unknown },
    });
    expect((await turn.progress()).steps.filter(({ state }) => state === 'running')).toEqual([]);
  });
});

describe('text', () => {
  test('adds up to the final text', async () => {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'slow text' });
    let text = '';
    for await (const chunk of turn.text()) text = chunk.reset ? chunk.text : text + chunk.text;

    expect(text).toBe(WORDS);
  });

  test('is taken back where an attempt was lost', async () => {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'cut text' });
    let text = '';
    for await (const chunk of turn.text()) text = chunk.reset ? chunk.text : text + chunk.text;

    expect(text).toBe('the answer');
  });
});

describe('checkWorker', () => {
  test('is content with a worker that polls', async () => {
    await expect(rig.turns.checkWorker()).resolves.toBeUndefined();
  });

  test('says when nobody polls the task queue', async () => {
    const turns = new TurnClient({ client: rig.client, taskQueue: `nobody-${randomUUID()}` });
    await expect(turns.checkWorker()).rejects.toBeInstanceOf(NoWorkerError);
  });
});

test('a client connects by itself, follows a turn of another one, and closes', async () => {
  const turn = await rig.turns.start(input);
  const turns = await TurnClient.connect({
    taskQueue: rig.taskQueue,
    address: inject('temporalAddress'),
    namespace: inject('temporalNamespace'),
  });
  expect(await turns.getHandle(turn.turnId).result()).toMatchObject({ final_text: 'Hello.' });
  await turns.close();
});
