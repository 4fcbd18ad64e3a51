// Watches the turns that its parent names, as a service of its own would: node --import tsx watcher.ts, over IPC.
// ADDRESS and NAMESPACE say where. Every turn is compared with what others read of it when it has ended.

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { TurnClient } from '../../src/client/index.js';
import type { EventWithId, TurnHandle } from '../../src/client/index.js';
import { eventsOf, logOf, routeFromKept } from '../../src/client/route.js';
import type { TurnProgress } from '../../src/events.js';
import { SeededRandom } from '../../src/testing/index.js';
import { comparable, fold, withoutIds } from '../support/comparable.js';
import { inferenceAttempts } from '../support/inference-attempts.js';
import { brokenSteps } from '../support/step-lives.js';
import type { Seen, ToWatcher } from './watching.js';

/** Of those who watch, so many leave and come back with their cursor, now and then. */
const LEAVING = 0.02;
const QUERY_MS = 60_000;

const connection = await Connection.connect({ address: process.env['ADDRESS'] ?? '' });
const client = new Client({ connection, namespace: process.env['NAMESPACE'] ?? 'default' });
const turns = new TurnClient({ client, taskQueue: 'none' });

process.on('message', ({ turnId, seed }: ToWatcher) => {
  void watchTurn(turnId, seed).then((seen) => process.send?.(seen));
});
process.on('disconnect', () => process.exit());
setInterval(() => process.send?.({ rss: process.memoryUsage.rss() }), 1000).unref();
process.send?.({ up: true });

async function watchTurn(turnId: string, seed: number): Promise<Seen> {
  const turn = turns.getHandle(turnId);
  const problems: string[] = [];
  const check = (what: string, one: unknown, other: unknown): void => {
    // As JSON, in which a missing property and an undefined one are the same.
    const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
    if (!isDeepStrictEqual(JSON.parse(first), JSON.parse(second)))
      problems.push(`${what}: ${first} is not ${second}`);
  };
  try {
    const events = await readWithPauses(turn, new SeededRandom(seed));
    const folded = comparable(fold(turnId, withoutIds(events)));
    check('watched and read again', events, await readAll(turn));
    check('watched and progress()', folded, comparable(await turn.progress()));
    const queried = await query(turnId);
    if (!queried.truncated) check('watched and queried', folded, comparable(queried));
    const ends = events.filter(({ type }) => /^turn_(completed|failed|cancelled)$/.test(type));
    check('one end', ends, [events.at(-1)]);
    check('batches that never came', await gapsOf(turnId), 0);
    check('whole steps', brokenSteps(events, { reset: true }), []);
    check(
      'steps that go on',
      folded.steps.filter(({ state }) => state === 'running'),
      [],
    );
    const end = folded.end;
    const attempts = await inferenceAttempts(client, turnId);
    const superseded = events.filter(({ type }) => type === 'step_superseded').length;
    const startedAgain = brokenSteps(events);
    return { turnId, problems, attempts, superseded, startedAgain, ...(end ? { end } : {}) };
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { turnId, problems: [...problems, `the watcher threw ${told}`], attempts: 0, superseded: 0 };
  }
}

async function readWithPauses(turn: TurnHandle, random: SeededRandom): Promise<readonly EventWithId[]> {
  const events: EventWithId[] = [];
  for (;;) {
    const last = events.at(-1);
    for await (const event of turn.events(last ? { after: last.id } : {})) {
      events.push(event);
      if (random.chance(LEAVING)) break;
    }
    if (/^turn_(completed|failed|cancelled)$/.test(events.at(-1)?.type ?? '')) return events;
    await sleep(random.int(200));
  }
}

async function readAll(turn: TurnHandle): Promise<readonly EventWithId[]> {
  const events: EventWithId[] = [];
  for await (const event of turn.events()) events.push(event);
  return events;
}

async function gapsOf(turnId: string): Promise<number> {
  const reading = { client, turnId };
  const log = logOf(reading);
  for (const runId of (await routeFromKept(reading)).runs) {
    for await (const event of eventsOf(reading, runId, false)) await log.read(event);
  }
  return log.gaps;
}

/** Workers come and go: a query that nobody answers is asked again. */
async function query(turnId: string): Promise<TurnProgress> {
  for (const deadline = Date.now() + QUERY_MS; ; await sleep(200)) {
    try {
      return await connection.withDeadline(Date.now() + 10_000, () =>
        client.workflow.getHandle(turnId).query<TurnProgress>('progress'),
      );
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
