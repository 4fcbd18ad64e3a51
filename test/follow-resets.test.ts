// Who follows a turn whose workflow or activity is reset sees in the end what everybody sees.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import type { EventWithId, TurnHandle } from '../src/client/index.js';
import type { TurnEvent } from '../src/events.js';
import { resetTo } from './support/reset.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { comparable, fold } from './support/comparable.js';
import { ofType, seenBy } from './support/watch.js';

/** A door that calls of the tool `hold` wait at. */
class Gate {
  #open: (() => void) | undefined;
  #passed = Promise.resolve();

  close(): void {
    this.#passed = new Promise((resolve) => {
      this.#open = resolve;
    });
  }
  open(): void {
    this.#open?.();
  }
  pass(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
    return Promise.race([this.#passed, aborted]);
  }
}

const gate = new Gate();
let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  const round =
    (entries: readonly (readonly string[])[]) =>
    ({ outputs }: { outputs: readonly unknown[] }) => {
      let done = 0;
      for (const names of entries) {
        if (outputs.length === done)
          return [reply.text('So. '), ...names.map((name) => reply.functionCall(name))];
        done += names.length;
      }
      return reply.text('All done.');
    };
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('three', round([['note'], ['note'], ['hold']])),
      when('pair', round([['note'], ['note', 'hold'], ['note']])),
      when('human', round([['note'], ['ask_human'], ['hold']])),
      when('stream', () => reply.text('word '.repeat(120), { perSecond: 60 })),
    ),
  });
  const parameters = z.object({});
  const tools = [
    defineTool({ name: 'note', parameters, execute: () => 'noted' }),
    defineTool({
      name: 'hold',
      parameters,
      execute: async (_args, { signal, report }) => {
        report('holding');
        await gate.pass(signal);
        return 'held';
      },
    }),
    defineTool({ name: 'ask_human', parameters }),
  ];
  rig = await startRig({
    agents: [defineAgent({ name: 'assistant', model: 'scripted', tools })],
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { workflowsPath: fileURLToPath(new URL('workflows/short-runs.ts', import.meta.url)) },
  });
});

afterAll(async () => {
  gate.open();
  await rig?.stop();
  await model?.stop();
});

const start = (input: string) => rig.turns.start({ agent: 'assistant', input });

/** Reads to the end; `seen` grows while it reads. */
function attach(turn: TurnHandle, after?: string) {
  const seen: EventWithId[] = [];
  const ended = (async () => {
    for await (const event of turn.events(after === undefined ? {} : { after })) seen.push(event);
  })();
  return { seen, ended };
}

/** Reads until an event of this kind, and gives what was read. */
async function readUntil(turn: TurnHandle, isIt: (event: TurnEvent) => boolean): Promise<EventWithId[]> {
  const seen: EventWithId[] = [];
  for await (const event of turn.events()) {
    seen.push(event);
    if (isIt(event)) return seen;
  }
  throw new Error('the turn ended first');
}

const holds = (event: TurnEvent): boolean =>
  event.type === 'step_progress' && event.delta.type === 'tool_report';

const foldOf = (turn: TurnHandle, events: readonly EventWithId[]) =>
  comparable(
    fold(
      turn.turnId,
      events.map(({ id: _id, ...event }) => event),
    ),
  );

/** I1 for somebody who watched through a reset. */
async function sawTheSame(turn: TurnHandle, seen: readonly EventWithId[]): Promise<void> {
  const fresh = await seenBy(rig, turn);
  expect(foldOf(turn, seen)).toEqual(foldOf(turn, fresh));
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
}

test.each([
  ['before the first answer', 'three', 0],
  ['where the first tool was scheduled', 'three', 1],
  ['after the first tool', 'three', 2],
  ['where two tools were scheduled', 'pair', 3],
  ['where one of two tools had ended', 'pair', 4],
])('a watcher goes on with the run that a reset made: %s', async (_where, input, task) => {
  gate.close();
  const turn = await start(`${input}, ${task}`);
  const { seen, ended } = attach(turn);
  const before = await readUntil(turn, holds);
  await resetTo(rig, turn, task);
  gate.open();
  await ended;

  await sawTheSame(turn, seen);
  const superseded = ofType(seen, 'step_superseded');
  expect(superseded.length).toBeGreaterThan(0);
  expect(superseded.map(({ reason }) => reason.code)).toEqual(superseded.map(() => 'workflow_reset'));
  expect(seen.slice(0, before.length - 2).map(({ id }) => id)).toEqual(
    before.slice(0, before.length - 2).map(({ id }) => id),
  );
});

test('any cursor from before a reset goes on after it, whatever is told twice', async () => {
  gate.close();
  const turn = await start('pair, with cursors');
  const before = await readUntil(turn, holds);
  await resetTo(rig, turn, 2);
  gate.open();
  await turn.result();

  const ways: EventWithId[][] = [];
  for (const [index, { id }] of before.entries()) {
    const { seen, ended } = attach(turn, id);
    await ended;
    await sawTheSame(turn, [...before.slice(0, index + 1), ...seen]);
    ways.push(seen);
  }
  // What a reset itself makes a reader told has cursors too.
  const last = ways.at(-1) ?? [];
  for (const [index, { id }] of last.entries()) {
    const { seen, ended } = attach(turn, id);
    await ended;
    expect(seen).toEqual(last.slice(index + 1));
  }
});

test('a turn that had ended and was reset is read as it is now, and who saw its end is told nothing more', async () => {
  gate.open();
  const turn = await start('three, ended');
  const { seen, ended } = attach(turn);
  await ended;
  await resetTo(rig, turn, 2);

  const fresh = await seenBy(rig, rig.turns.getHandle(turn.turnId));
  expect(ofType(fresh, 'step_superseded')).toEqual([]);
  expect(await turn.result()).toMatchObject({ final_text: 'All done.' });
  const { seen: more, ended: read } = attach(turn, seen.at(-1)?.id);
  await read;
  expect(more).toEqual([]);
  const { seen: rest, ended: readOn } = attach(turn, seen.at(-2)?.id);
  await readOn;
  await sawTheSame(turn, [...seen.slice(0, -1), ...rest]);
});

test('a turn is reset twice, and the watcher goes along', async () => {
  gate.close();
  const turn = await start('pair, twice');
  const { seen, ended } = attach(turn);
  await readUntil(turn, holds);
  await resetTo(rig, turn, 3);
  await readUntil(turn, holds);
  await resetTo(rig, turn, 1);
  gate.open();
  await ended;
  await sawTheSame(turn, seen);
});

test('an output that somebody gave after the fork is given again', async () => {
  gate.close();
  const turn = await start('human, output');
  const { seen, ended } = attach(turn);
  for await (const event of turn.events()) {
    if (event.type === 'input_required') await turn.submitToolOutput(event, { sum: 3 });
    if (holds(event)) break;
  }
  await resetTo(rig, turn, 1);
  gate.open();
  // The call is asked about anew, under another id: the old answer fits no question.
  for await (const event of turn.events()) {
    if (event.type === 'input_required') await turn.submitToolOutput(event, { sum: 4 });
  }
  await ended;
  await sawTheSame(turn, seen);
});

test('an answer that came after the fork counts where the question had been asked before it', async () => {
  gate.close();
  const turn = await start('human, asked before');
  const { seen, ended } = attach(turn);
  for await (const event of turn.events()) {
    if (event.type === 'input_required') await turn.submitToolOutput(event, { sum: 3 });
    if (holds(event)) break;
  }
  // The task that took the update.
  await resetTo(rig, turn, 4);
  gate.open();
  await ended;
  await sawTheSame(turn, seen);
});

test.each(['infer-1', 'tool-'])('an activity is reset in the middle: %s', async (prefix) => {
  gate.close();
  const isTool = prefix === 'tool-';
  const turn = await start(isTool ? 'three, activity' : 'stream, activity');
  const { seen, ended } = attach(turn);
  await readUntil(turn, isTool ? holds : (event) => event.type === 'step_progress');
  const { raw } = await rig.client.workflow.getHandle(turn.turnId).describe();
  const id = raw.pendingActivities?.find(({ activityId }) => activityId?.startsWith(prefix))?.activityId;
  await rig.client.workflowService.resetActivity({
    namespace: rig.client.options.namespace,
    execution: { workflowId: turn.turnId },
    id: id ?? '',
  });
  gate.open();
  await ended;
  expect(await seenBy(rig, turn)).toEqual(seen);
});

test('a later run is reset, and so is an earlier one than the watcher stands in', async () => {
  for (const runOfReset of [-1, -2]) {
    gate.close();
    const turnId = `restless-${runOfReset}`;
    const args = [{ agent: 'assistant', input: `three, ${turnId}` }];
    await rig.client.workflow.start('restlessTurn', { workflowId: turnId, taskQueue: rig.taskQueue, args });
    const turn = rig.turns.getHandle(turnId);
    const { seen, ended } = attach(turn);
    const before = await readUntil(turn, holds);
    const runs = [...new Set(before.map(({ id }) => id.split('.')[1]))];
    await resetTo(rig, turn, 0, runs.at(runOfReset));
    gate.open();
    await ended;
    await sawTheSame(turn, seen);
    expect(ofType(seen, 'step_superseded').length).toBeGreaterThan(0);

    const { seen: rest, ended: read } = attach(turn, before.at(-1)?.id);
    await read;
    await sawTheSame(turn, [...before, ...rest]);
  }
});
