// Turns on a conversation, whose model's stream breaks or whose worker dies: on the scripted server and on a real Llama
// Stack. Nothing is there twice, each call has its output, and the next turn knows what was said.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { TurnClient } from '../../src/client/index.js';
import type { TurnHandle, TurnResult } from '../../src/client/index.js';
import type { TurnEvent } from '../../src/events.js';
import type { ProxyFault } from '../../src/testing/index.js';
import { startBrokenWay } from '../support/broken-way.js';
import type { BrokenWay } from '../support/broken-way.js';
import { bundleInto } from '../support/bundle-into.js';
import { itemsOf } from '../support/conversation.js';
import { ModelServer, secretWord } from '../support/model-server.js';
import { startRig } from '../support/rig.js';
import type { Rig } from '../support/rig.js';
import { ofType, seenBy } from '../support/watch.js';
import { killableWeathermen, weatherman, weathermen } from '../support/weathermen.js';
import { startProgram } from '../support/worker-process.js';

/** The last event of a response, which tells all of it, is longer; what differs between two turns is not. */
const LAST_BYTES = 200;
/** How many words the model says before its call, and after its output. */
const WORDS = [40, 60] as const;
/** Milliseconds between two words of a Llama Stack, long enough to die in the middle. */
const PACE = 30;
const NEXT = 'Which word did I ask you to remember?';

/** The connections of a turn that nothing happens to: before each request it looks at the conversation. */
const FIRST_RESPONSE = 2;
const SECOND_RESPONSE = 4;
const RESPONSES = [FIRST_RESPONSE, SECOND_RESPONSE];

/** Where a turn meets its fault. */
interface Case {
  readonly kind: ProxyFault['kind'];
  readonly connection: number;
  /** Share of the bytes of the answer. `end`: in its last event, when the conversation has it already. */
  readonly place: number | 'end';
}

const BROKEN: readonly Case[] = RESPONSES.flatMap((connection) => [
  { kind: 'cut', connection, place: 0 },
  { kind: 'reset', connection, place: 0.3 },
  { kind: 'cut', connection, place: 0.6 },
  { kind: 'reset', connection, place: 'end' },
]);

/** In this order: those whose answer is not over come last, and of them the one that comes there sooner. */
const SILENT: readonly Case[] = [
  { kind: 'stall', connection: FIRST_RESPONSE, place: 'end' },
  { kind: 'stall', connection: SECOND_RESPONSE, place: 'end' },
  { kind: 'stall', connection: SECOND_RESPONSE, place: 0.3 },
  { kind: 'stall', connection: FIRST_RESPONSE, place: 0.3 },
];

const server = new ModelServer();
const closing: (() => unknown)[] = [];
/** Of the answers to a turn that nothing happened to, by connection. */
const bytes = new Map<number, number>();
/** What such a turn leaves in its conversation, beside its prompt: that is for the server to say. */
let said: readonly string[] = [];
let rig: Rig;

beforeAll(async () => {
  const intact = await newWay();
  const ways = [intact, ...(await Promise.all(BROKEN.map(newWay)))];
  rig = await startRig({
    agents: weathermen(
      ways.map(({ url }) => url),
      inject('model'),
    ),
  });
  closing.push(() => rig.stop());

  await measure(intact);
});

afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await server.cleanUp();
});

test('a stream that breaks, wherever it stands', async () => {
  const asked = await Promise.all(BROKEN.map((_, n) => ask(rig.turns, n + 1)));
  for (const [n, each] of asked.entries()) {
    const events = await expectWhole(rig.turns, each);
    expect(ofType(events, 'step_superseded'), JSON.stringify(BROKEN[n])).not.toEqual([]);
  }
});

test('a worker that is killed, wherever the stream stands', async () => {
  const ways = await Promise.all(SILENT.map(newWay));
  const urls = ways.map(({ url }) => url);
  const dir = mkdtempSync(join(tmpdir(), 'broken-'));
  closing.push(() => rmSync(dir, { recursive: true }));
  const turns = new TurnClient({ client: rig.client, taskQueue: `broken-${randomUUID()}` });
  const env = {
    BUNDLE: await bundleInto(dir, killableWeathermen(urls, inject('model'))),
    MODEL: inject('model'),
    MODEL_URLS: urls.join(' '),
  };
  const worker = await startProgram(turns.taskQueue, inject('responsesBaseUrl'), {
    main: 'weather-worker',
    env,
  });
  closing.push(() => worker.stop());

  const started: { readonly asked: Asked; readonly isSilent: () => boolean }[] = [];
  for (const [n, silent] of SILENT.entries()) {
    const { connection, place } = silent;
    const asked = await ask(turns, n, place === 'end' ? 0 : PACE);
    let isOver = false;
    // A worker that was too busy for its heartbeats has lost it before, and has done it again.
    const over = (): boolean => (isOver = true);
    asked.result.then(over, over);
    await until(() => isOver || (ways[n]?.connections() ?? 0) >= connection);
    const passed = (): number => ways[n]?.answerBytes(connection) ?? 0;
    started.push({ asked, isSilent: () => isOver || passed() >= placeOf(silent) });
  }
  await until(() => started.every(({ isSilent }) => isSilent()));
  await worker.kill();
  await worker.restart();
  for (const { asked } of started) await expectWhole(turns, asked);
});

/** A turn that nothing happens to, to know the others by. */
async function measure(intact: BrokenWay): Promise<void> {
  const asked = await ask(rig.turns, 0);
  await asked.result;
  expect(intact.connections()).toBe(SECOND_RESPONSE);
  for (const connection of RESPONSES) bytes.set(connection, intact.answerBytes(connection));
  said = (await itemsOf(server.client, asked.conversation)).filter((item) => item !== `user: ${asked.input}`);
  expect(said).toContain('function_call_output: sunny');
  await expectWhole(rig.turns, asked);
}

/** A turn on a conversation of its own. */
interface Asked {
  readonly turn: TurnHandle;
  readonly result: Promise<TurnResult>;
  readonly agent: string;
  readonly input: string;
  readonly conversation: string;
  /** That it is asked to remember. */
  readonly word: string;
}

async function ask(turns: TurnClient, n: number, pace = 0): Promise<Asked> {
  const agent = weatherman(n);
  const word = secretWord();
  const conversation = await server.conversation();
  const [before, after] = WORDS;
  const input =
    `Remember the word ${word}. [[long ${before}]][[call get_weather {"city":"Paris"}]][[then]][[long ${after}]]` +
    (pace > 0 ? `[[fault delay=${pace}]]` : '');
  const turn = await turns.start({ agent, input, conversation });
  return { turn, result: turn.result(), agent, input, conversation, word };
}

/** It completes, everybody sees the same of it, all is in the conversation once, and the next turn knows of it. */
async function expectWhole(turns: TurnClient, asked: Asked): Promise<readonly TurnEvent[]> {
  const { turn, agent, input, conversation, word } = asked;
  const events = await seenBy(turns, turn);
  const items = [`user: ${input}`, ...said];
  expect(await asked.result).toMatchObject({ status: 'completed', final_text: spoken(WORDS[1]) });
  expect(await itemsOf(server.client, conversation)).toEqual(items.toSorted());

  const next = await turns.start({ agent, input: NEXT, conversation });
  const { final_text } = await next.result();
  expect(final_text).toContain(word);
  items.push(`user: ${NEXT}`, `assistant: ${final_text}`);
  expect(await itemsOf(server.client, conversation)).toEqual(items.toSorted());
  return events;
}

const spoken = (count: number): string => Array.from({ length: count }, (_, n) => `word${n}`).join(' ');

async function newWay(fault?: Case): Promise<BrokenWay> {
  const way = await startBrokenWay(inject('responsesBaseUrl'), (connection) =>
    fault?.connection === connection ? { kind: fault.kind, afterBytes: placeOf(fault) } : undefined,
  );
  closing.push(() => way.stop());
  return way;
}

/** Bytes that pass: at least one, so that the server has the request. */
function placeOf({ connection, place }: Case): number {
  const all = bytes.get(connection) ?? 0;
  return place === 'end' ? all - LAST_BYTES : Math.max(1, Math.floor(all * place));
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(10);
}
