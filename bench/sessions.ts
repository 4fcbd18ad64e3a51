/** Sessions: many first messages at once, and a session of hundreds of turns over many runs. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import OpenAI from 'openai';
import { TurnClient } from '../src/client/index.js';
import type { SessionHandle } from '../src/client/index.js';
import { itemsOf } from '../test/support/conversation.js';
import { figure, percentile } from './figure.js';
import type { Figure } from './figure.js';
import { Child } from './support/child.js';
import type { SenderCalls } from './processes/sender.js';
import type { Stage } from './support/stage.js';

const SENDERS = 2;
const EACH = 50;
const TURNS = 300;

export async function sessionFigures(stage: Stage): Promise<Figure[]> {
  const connection = await Connection.connect({ address: stage.address });
  const turns = new TurnClient({ client: new Client({ connection }), taskQueue: 'bench' });
  try {
    return [...(await atOnce(stage, turns)), ...(await oneAfterAnother(stage, turns))];
  } finally {
    await connection.close();
  }
}

async function atOnce(stage: Stage, turns: TurnClient): Promise<Figure[]> {
  const env = { ADDRESS: stage.address, NAMESPACE: 'default', TASK_QUEUE: 'bench' };
  const senders = await Promise.all(
    Array.from({ length: SENDERS }, () => Child.start<SenderCalls>('sender.ts', env)),
  );
  const session = turns.session(`session-${randomUUID()}`);
  const started = performance.now();
  const times = await Promise.all(
    senders.map((sender, s) =>
      sender.ask('send', {
        sessionId: session.sessionId,
        messageIds: Array.from({ length: EACH }, (_, n) => `${s}-${n}`),
      }),
    ),
  );
  await allEnded(turns, session);
  const took = performance.now() - started;
  await Promise.all(senders.map((sender) => sender.stop()));
  const accepted = await session.turns();
  const conditions = { senders: SENDERS, messages: SENDERS * EACH };
  const twice = SENDERS * EACH - accepted.filter(({ state }) => state === 'completed').length;
  return [
    figure('session_send_p50', { value: percentile(times.flat(), 0.5), unit: 'ms', conditions }),
    figure('session_send_p99', {
      value: percentile(times.flat(), 0.99),
      unit: 'ms',
      bar: { atMost: 1000 },
      conditions,
    }),
    figure('session_messages_unanswered', { value: twice, unit: 'messages', bar: { atMost: 0 }, conditions }),
    figure('session_turn_from_queue', { value: took / (SENDERS * EACH), unit: 'ms', conditions }),
  ];
}

/** Turn after turn, watched all the time. */
async function oneAfterAnother(stage: Stage, turns: TurnClient): Promise<Figure[]> {
  const session = turns.session(`session-${randomUUID()}`, { agent: 'talker' });
  const expected: string[] = [];
  const say = async (prompt: string): Promise<void> => {
    const { final_text } = await (await session.send(prompt)).result();
    expected.push(`user: ${prompt}`, `assistant: ${final_text}`);
  };
  await say('plain first');
  const seen = count(session);
  const times: number[] = [];
  for (let n = 1; n < TURNS; n++) {
    const started = performance.now();
    await say(`plain ${n}`);
    times.push(performance.now() - started);
  }
  const { conversation = '' } = await session.progress();
  const openai = new OpenAI({ apiKey: 'k', baseURL: await stage.model.ask('url') });
  const items = await itemsOf(openai, conversation);
  await session.close();
  const live = await seen;
  const again = await count(session);
  const conditions = { turns: TURNS };
  return [
    figure('session_message_to_answer_p50', { value: percentile(times, 0.5), unit: 'ms', conditions }),
    figure('session_events_missed', {
      value: Math.abs(again.events - live.events) + Math.abs(TURNS - live.turns),
      unit: 'events',
      bar: { atMost: 0 },
      conditions,
    }),
    figure('session_items_wrong', {
      value: differences(items, expected),
      unit: 'items',
      bar: { atMost: 0 },
      conditions,
    }),
  ];
}

/** What is in one list and not as often in the other. */
function differences(some: readonly string[], others: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of some) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const text of others) counts.set(text, (counts.get(text) ?? 0) - 1);
  return [...counts.values()].reduce((sum, more) => sum + Math.abs(more), 0);
}

/** Different events, and turns that were completed. */
async function count(session: SessionHandle): Promise<{ readonly events: number; readonly turns: number }> {
  const ids = new Set<string>();
  let turns = 0;
  for await (const { id, type } of session.events()) {
    ids.add(id);
    if (type === 'turn_completed') turns += 1;
  }
  return { events: ids.size, turns };
}

async function allEnded(turns: TurnClient, session: SessionHandle): Promise<void> {
  const last = (await session.turns()).at(-1);
  if (last) await turns.getHandle(last.turn_id).result();
}
