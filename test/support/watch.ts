// What a watcher sees of a turn, and whether everybody sees the same.

import { expect } from 'vitest';
import type { InputRequired, TurnEvent, TurnProgress } from '../../src/events.js';
import type { EventWithId, TurnHandle } from '../../src/client/index.js';
import { comparable, fold, withoutIds } from './comparable.js';
import type { Rig } from './rig.js';

const QUERY_BYTES = 1024 * 1024;

/** Reads to the end of the turn. */
export async function watch(turn: TurnHandle): Promise<readonly EventWithId[]> {
  const events: EventWithId[] = [];
  for await (const event of turn.events()) events.push(event);
  return events;
}

/** Reads until one of the events is this one. */
export async function untilSeen(turn: TurnHandle, isIt: (event: TurnEvent) => boolean): Promise<void> {
  for await (const event of turn.events()) if (isIt(event)) return;
}

/** I1: what a watcher folds = the progress query = what is read afterwards. Gives the events. */
export async function seenBy(rig: Pick<Rig, 'client'>, turn: TurnHandle): Promise<readonly EventWithId[]> {
  const events = await watch(turn);
  const whole = fold(turn.turnId, withoutIds(events));
  const folded = comparable(whole);
  const queried: TurnProgress = await rig.client.workflow.getHandle(turn.turnId).query('progress');
  expect(comparable(queried)).toEqual(comparable(withoutTruncated(whole, queried)));
  expect(comparable(await turn.progress())).toEqual(folded);
  expect(await watch(turn)).toEqual(events);
  const ends = events.filter(({ type }) => /^turn_(completed|failed|cancelled)$/.test(type));
  expect(ends).toEqual([events.at(-1)]);
  expect(folded.steps.filter((step) => step.state === 'running')).toEqual([]);
  return events;
}

/** The progress without what the query says that it left out. */
function withoutTruncated(progress: TurnProgress, queried: TurnProgress): TurnProgress {
  const { truncated } = queried;
  if (!truncated) return progress;
  const kept = new Map(queried.steps.map((step) => [step.step_id, step]));
  return {
    ...progress,
    truncated,
    // A long end is shortened too.
    ...(queried.end && JSON.stringify(progress).length > QUERY_BYTES ? { end: queried.end } : {}),
    steps: progress.steps.flatMap((step) => {
      const told = kept.get(step.step_id);
      if (!told) return [];
      if (!told.truncated) return [step];
      const { step_id, number, state, started_at, ended_at } = step;
      return [{ ...told, step_id, number, state, started_at, ...(ended_at ? { ended_at } : {}) }];
    }),
  };
}

/** The events of one type. */
export function ofType<T extends TurnEvent['type']>(
  events: readonly TurnEvent[],
  type: T,
): Extract<TurnEvent, { type: T }>[] {
  return events.filter((event): event is Extract<TurnEvent, { type: T }> => event.type === type);
}

/** What the turn asks first, as soon as it asks. */
export async function firstInput(turn: TurnHandle): Promise<InputRequired> {
  for await (const event of turn.events()) if (event.type === 'input_required') return event;
  throw new Error(`${turn.turnId} ended without a question`);
}
