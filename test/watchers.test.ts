// Many watchers, watchers that are cut off, and watchers that come too late for the first runs.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { EventsExpiredError } from '../src/client/index.js';
import type { EventWithId, TurnHandle } from '../src/client/index.js';
import { advance } from '../src/events.js';
import { createGateway } from '../src/gateway/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { GatewayClient } from './support/gateway-client.js';
import { Random } from './support/random.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { comparable } from './support/comparable.js';
import { watch } from './support/watch.js';

const WATCHERS = 100;
const CUTS = 10;
const ROUNDS = 4;

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('go', ({ outputs }) =>
        outputs.length < ROUNDS
          ? [reply.text('word '.repeat(60), { perSecond: 40 }), reply.functionCall('look_up')]
          : reply.text('Found it.'),
      ),
    ),
  });
  const tools = [defineTool({ name: 'look_up', parameters: z.object({}), execute: () => 'found' })];
  rig = await startRig({
    agents: [
      defineAgent({ name: 'assistant', model: 'scripted', tools }),
      defineAgent({ name: 'forgetful', model: 'scripted', tools, state: 'stateless' }),
    ],
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { workflowsPath: fileURLToPath(new URL('workflows/short-runs.ts', import.meta.url)) },
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

async function start(turnId: string): Promise<TurnHandle> {
  const args = [{ agent: 'assistant', input: `go, ${turnId}` }];
  await rig.client.workflow.start('restlessTurn', {
    workflowId: turnId,
    taskQueue: rig.taskQueue,
    args,
    memo: { turn: { agent: 'assistant' } },
  });
  return rig.turns.getHandle(turnId);
}

/** Watches to the end, and goes on behind its last event each time that it was cut off. */
async function watchWithCuts(turn: TurnHandle, random: Random): Promise<readonly EventWithId[]> {
  const seen: EventWithId[] = [];
  for (let cut = 0; ; cut += 1) {
    const gone = new AbortController();
    // The last connection holds.
    let left = cut < CUTS ? random.between(1, 12) : Infinity;
    const after = seen.at(-1)?.id;
    try {
      for await (const event of turn.events({ signal: gone.signal, ...(after ? { after } : {}) })) {
        seen.push(event);
        left -= 1;
        if (left === 0) gone.abort(new Error('cut'));
      }
      return seen;
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    }
  }
}

test('a hundred watchers, each cut off ten times at random, miss nothing and see nothing twice', async () => {
  const turn = await start('watched-by-many');
  const seen = await Promise.all(
    Array.from({ length: WATCHERS }, (_, seed) => watchWithCuts(turn, new Random(seed))),
  );
  const whole = await watch(turn);
  expect(new Set(whole.map(({ id }) => id.split('.')[1])).size).toBe(ROUNDS + 1);
  for (const [seed, events] of seen.entries()) expect(events, `with seed ${seed}`).toEqual(whole);
});

test('when the first runs are gone, a reader is told what they came to and reads on from there', async () => {
  const turn = await start('expired');
  const whole = await watch(turn);
  const progress = await turn.progress();
  const runs = [...new Set(whole.map(({ id }) => id.split('.')[1] ?? ''))];
  const late = turn.events();
  await late.next();
  for (const runId of runs.slice(0, 2)) await remove(turn, runId);

  const error = await turn
    .events()
    .next()
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof EventsExpiredError)) throw new Error(`not expired: ${String(error)}`);
  expect(error.progress).toMatchObject({ truncated: true, num_steps: 3, started_at: progress.started_at });
  // One that was still in the first run when that went is told the same.
  await expect(untilEnd(late)).rejects.toMatchObject({ after: error.after, progress: error.progress });
  const rest: EventWithId[] = [];
  for await (const event of turn.events({ after: error.after })) rest.push(event);
  expect(rest).toEqual(whole.filter(({ id }) => !runs.slice(0, 2).includes(id.split('.')[1] ?? '')));
  const { steps: _steps, ...folded } = comparable(
    rest.map(({ id: _id, ...event }) => event).reduce(advance, error.progress),
  );
  const { steps: _all, ...known } = comparable(progress);
  expect(folded).toEqual({ ...known, truncated: true });

  // A cursor in a run that is gone cannot be gone on from; one behind it can.
  await expect(turn.events({ after: whole[0]?.id ?? '' }).next()).rejects.toBeInstanceOf(EventsExpiredError);
  const gateway = createGateway({ turns: rig.turns, auth: 'none', viewer: false });
  const http = new GatewayClient(gateway.fetch, 'http://localhost');
  const streamed: string[] = [];
  const path = `/turns/${turn.turnId}/events`;
  for await (const event of http.events(path)) streamed.push(event.id ?? '');
  expect(streamed).toEqual(rest.map((event) => event.id));
  const refused = await http.ask(`${path}?after=${whole[0]?.id}`);
  expect(refused).toMatchObject({ status: 410, body: { code: 'events_expired' } });
  gateway.close();

  const { id } = rest[3] ?? { id: '' };
  const more: EventWithId[] = [];
  for await (const event of turn.events({ after: id })) more.push(event);
  expect(more).toEqual(rest.slice(4));
  expect(await turn.result()).toMatchObject({ final_text: 'Found it.', num_steps: 9 });
  expect(await turn.progress()).toMatchObject({ state: 'completed', truncated: true, num_steps: 9 });
});

async function untilEnd(events: AsyncIterable<unknown>): Promise<void> {
  for await (const event of events) expect(event).toBeDefined();
}

/** As the end of its retention does. */
async function remove({ turnId }: TurnHandle, runId: string): Promise<void> {
  const { namespace } = rig.client.options;
  const workflowExecution = { workflowId: turnId, runId };
  await rig.client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  await expect
    .poll(
      () =>
        rig.client.workflow
          .getHandle(turnId, runId)
          .describe()
          .then(
            () => 'there',
            () => 'gone',
          ),
      { timeout: 60_000 },
    )
    .toBe('gone');
}
