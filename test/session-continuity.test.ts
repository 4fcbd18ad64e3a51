// A session over runs, workers and senders: nothing is lost, nothing is there twice, and the order holds.

import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import type { SessionEventWithId, SessionHandle } from '../src/client/index.js';
import { startTemporal } from '../src/dev/index.js';
import { defineAgent } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { LONG } from './support/listener.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { runCompiled } from './support/run-script.js';
import { startWorkerProcess } from './support/worker-process.js';

/** Some seconds of it. */
const SPEECH = LONG.slice(0, 300);

let model: ScriptedResponsesServer;
let openai: OpenAI;
const agent = defineAgent({ name: 'assistant', model: 'scripted', state: 'conversation' });

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when(/^slow/, () => reply.text(SPEECH, { perSecond: 50 })),
      ({ prompt }) => reply.text(`answer to ${prompt}`),
    ),
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
});

afterAll(() => model?.stop());

async function itemsOf(session: SessionHandle): Promise<readonly string[]> {
  const { conversation = '' } = await session.progress();
  const items: string[] = [];
  for await (const item of openai.conversations.items.list(conversation, { order: 'asc' })) {
    if (item.type === 'message')
      items.push(item.content.map((part) => ('text' in part ? part.text : '')).join(''));
  }
  return items;
}

/** Reads to the close, connecting anew behind its cursor whenever it has seen so many events. */
async function watch(session: SessionHandle, cutAfter = Infinity): Promise<readonly SessionEventWithId[]> {
  const seen: SessionEventWithId[] = [];
  for (;;) {
    const after = seen.at(-1)?.id;
    let events = 0;
    for await (const event of session.events(after === undefined ? {} : { after })) {
      seen.push(event);
      events += 1;
      if (events === cutAfter) break;
    }
    if (events < cutAfter) return seen;
  }
}

const bare = (events: readonly SessionEventWithId[]): string[] =>
  events.map(({ id: _id, ...event }) => JSON.stringify(event)).toSorted();

/** The turns in the order in which they began. */
const begun = (events: readonly SessionEventWithId[]): string[] =>
  events.flatMap(({ type, turn_id }) => (type === 'turn_started' ? [turn_id] : []));

describe('over many runs', () => {
  let rig: Rig;

  beforeAll(async () => {
    const temporal = await startTemporal({
      dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 },
    });
    rig = await startRig({ agents: [agent], openai, address: temporal.address });
    return async () => {
      await rig.stop();
      await temporal.stop();
    };
  });

  async function runsOf(session: SessionHandle) {
    const runs: { readonly carriesTurn: boolean }[] = [];
    const { raw } = await rig.client.workflow.getHandle(session.sessionId).describe();
    let runId = raw.workflowExecutionInfo?.firstRunId;
    while (runId) {
      const { events } = await rig.client.workflow.getHandle(session.sessionId, runId).fetchHistory();
      const started = events?.[0]?.workflowExecutionStartedEventAttributes;
      const input = Buffer.from(started?.input?.payloads?.[0]?.data ?? []).toString();
      runs.push({ carriesTurn: input.includes('"running"') });
      runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    }
    return runs;
  }

  test('a session continues as new between turns and while one runs, and watchers see one story', async () => {
    const session = rig.turns.session(`s-${randomUUID()}`, { agent: 'assistant' });
    await (await session.send('m0')).result();
    const watchers = Promise.all([watch(session), watch(session, 7)]);
    // So many messages while one turn runs that the run is over before the turn.
    const slow = await session.send('slow');
    await model.waitForRequest(({ body, sent_events }) => body?.['input'] === 'slow' && sent_events > 5);
    const prompts = Array.from({ length: 25 }, (_, n) => `m${n + 1}`);
    const turns = [];
    for (const prompt of prompts) turns.push(await session.send(prompt, { messageId: prompt }));
    expect(await slow.result()).toMatchObject({ status: 'completed' });
    for (const [index, turn] of turns.entries()) {
      expect(await turn.result()).toMatchObject({ final_text: `answer to ${prompts[index]}` });
    }
    // What was said in an earlier run is remembered.
    await session.send('m1 again', { messageId: 'm1' });
    expect(await session.progress()).toMatchObject({ state: 'idle', messages: 27, turns: 27, queue: [] });
    await session.close();

    const expected = [['m0', 'answer to m0'], ['slow', SPEECH], ...prompts.map((p) => [p, `answer to ${p}`])];
    expect(await itemsOf(session)).toEqual(expected.flat());
    const runs = await runsOf(session);
    expect(runs.length).toBeGreaterThan(3);
    expect(runs.some(({ carriesTurn }) => carriesTurn)).toBe(true);
    const [live, cut] = await watchers;
    const late = await watch(session);
    expect(begun(late)).toEqual((await session.turns()).map(({ turn_id }) => turn_id));
    expect(bare(live)).toEqual(bare(late));
    expect(bare(cut)).toEqual(bare(late));
    expect(new Set(late.map(({ id }) => id)).size).toBe(late.length);
    const { memo, type } = await rig.client.workflow.getHandle(session.sessionId).describe();
    expect({ memo, type }).toEqual({
      memo: { session: { agent: 'assistant', started_at: expect.any(String) } },
      type: 'agentSession',
    });
  });
});

test('first messages of two processes at once: one session, one conversation, each answered once, in order', async () => {
  const rig = await startRig({ agents: [agent], openai });
  onTestFinished(() => rig.stop());
  const session = rig.turns.session(`s-${randomUUID()}`);
  const send = (NAME: string) =>
    runCompiled('test/support/session-sender.ts', {
      env: {
        ADDRESS: inject('temporalAddress'),
        NAMESPACE: inject('temporalNamespace'),
        TASK_QUEUE: rig.taskQueue,
        SESSION: session.sessionId,
        COUNT: '50',
        NAME,
      },
    });
  const [a, b] = await Promise.all([send('a'), send('b')]);
  expect([a.exit, b.exit, a.stderr, b.stderr]).toEqual([0, 0, '', '']);
  // Temporal keeps what comes while a workflow task runs, and writes it into the history when that is done.
  const accepted = await vi.waitFor(
    async () => {
      const listed = await session.turns();
      expect(listed).toHaveLength(100);
      return listed;
    },
    { timeout: 30_000, interval: 100 },
  );
  await rig.turns.getHandle(accepted.at(-1)?.turn_id ?? '').result();

  const ids = ['a', 'b'].flatMap((name) => Array.from({ length: 50 }, (_, n) => `${name}${n}`));
  expect(accepted.map(({ message_id }) => message_id).toSorted()).toEqual(ids.toSorted());
  const answers = accepted.flatMap(({ message_id }) => [message_id, `answer to ${message_id}`]);
  expect(await itemsOf(session)).toEqual(answers);
  await session.close();
  expect(begun(await watch(session))).toEqual(accepted.map(({ turn_id }) => turn_id));
});

test('a worker killed while a turn runs and messages wait: nothing is lost, and the order holds', async () => {
  const rig = await startRig({ agents: [agent], openai });
  await rig.stopWorker();
  onTestFinished(() => rig.stop());
  const first = await startWorkerProcess(rig.taskQueue, model.url);
  const session = rig.turns.session(`s-${randomUUID()}`, { agent: 'assistant' });
  const prompt = `slow ${randomUUID()}`;
  const turns = [await session.send(prompt)];
  await model.waitForRequest(({ body, sent_events }) => body?.['input'] === prompt && sent_events > 5);
  turns.push(await session.send('one'), await session.send('two'));
  await first.end('SIGKILL');
  turns.push(await session.send('three'));
  expect(await session.progress()).toMatchObject({ state: 'running', running_turn_id: turns[0]?.turnId });
  const second = await startWorkerProcess(rig.taskQueue, model.url);
  onTestFinished(() => second.end('SIGTERM'));

  for (const turn of turns) expect(await turn.result()).toMatchObject({ status: 'completed' });
  await session.close();
  expect(begun(await watch(session))).toEqual(turns.map(({ turnId }) => turnId));
  expect(await session.progress()).toMatchObject({ messages: 4, turns: 4 });
});
