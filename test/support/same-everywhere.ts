// Whoever reads a turn, from wherever and whenever, is told the same: I1 and I3.

import { expect } from 'vitest';
import type { InputRequired } from '../../src/events.js';
import { TurnFailedError } from '../../src/client/index.js';
import type { EventWithId, TurnHandle, TurnInput } from '../../src/client/index.js';
import { isEvent } from './event-schema.js';
import type { Rig } from './rig.js';
import { fold, withoutIds } from './comparable.js';
import { ofType, seenBy, watch } from './watch.js';

/** A turn with what somebody saw of it who watched it live. */
export interface WatchedTurn {
  readonly turn: TurnHandle;
  readonly events: readonly EventWithId[];
}

/** Watches from the start to the end; `answer` is asked whenever the turn asks for an input. */
export async function watchTurn(
  rig: Pick<Rig, 'turns'>,
  input: TurnInput,
  answer: (turn: TurnHandle, asked: InputRequired) => Promise<unknown> = () => Promise.resolve(),
): Promise<WatchedTurn> {
  const turn = await rig.turns.start(input);
  const events: EventWithId[] = [];
  for await (const event of turn.events()) {
    events.push(event);
    if (event.type === 'input_required') await answer(turn, event);
  }
  return { turn, events };
}

/** Compares the readings of turns that have ended. Stops the worker: the last readings are made without one. */
export async function expectSameEverywhere(rig: Rig, ...watched: readonly WatchedTurn[]): Promise<void> {
  for (const { turn, events } of watched) {
    expect(await seenBy(rig, turn)).toEqual(events);
    expectSound(events);
    await expectRest(turn, events);
    await expectResult(turn, events);
  }
  await rig.stopWorker();
  for (const { turn, events } of watched) {
    expect(await watch(turn)).toEqual(events);
    expect(await turn.progress()).toEqual(fold(turn.turnId, withoutIds(events)));
    await expectResult(turn, events);
  }
}

/** Every event is one of events.schema.json, ids are told once, and each step that starts ends. */
function expectSound(events: readonly EventWithId[]): void {
  expect(withoutIds(events).filter((event) => !isEvent(event))).toEqual([]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const started = ofType(events, 'step_started').map(({ step_id }) => step_id);
  const ended = [...ofType(events, 'step_completed'), ...ofType(events, 'step_superseded')];
  expect(new Set(ended.map(({ step_id }) => step_id))).toEqual(new Set(started));
  expect(new Set(started).size).toBe(started.length);
}

async function expectRest(turn: TurnHandle, events: readonly EventWithId[]): Promise<void> {
  const middle = Math.floor(events.length / 2);
  for (const at of [0, middle, events.length - 1]) {
    const after = events[at]?.id ?? '';
    const rest: EventWithId[] = [];
    for await (const event of turn.events({ after })) rest.push(event);
    expect(rest).toEqual(events.slice(at + 1));
  }
}

/** The last event is the result of the turn, or the error that the client throws for it. */
async function expectResult(turn: TurnHandle, events: readonly EventWithId[]): Promise<void> {
  const [end] = withoutIds(events.slice(-1));
  const outcome: unknown = await turn.result().catch((thrown: unknown) => thrown);
  if (end?.type === 'turn_failed') {
    expect(outcome).toBeInstanceOf(TurnFailedError);
    expect(outcome).toMatchObject({ end, error: end.error });
  } else {
    expect({ type: 'turn_completed', at: end && 'at' in end && end.at, ...Object(outcome) }).toEqual(end);
  }
}
