// What a watcher sees of a turn, and whether everybody sees the same.

import { expect } from 'vitest';
import { advance, emptyProgress } from '../../src/events.js';
import type { InputRequired, TurnEvent, TurnProgress } from '../../src/events.js';
import type { EventWithId, TurnHandle } from '../../src/client/index.js';
import type { Rig } from './rig.js';

/** Reads to the end of the turn. */
export async function watch(turn: TurnHandle): Promise<readonly EventWithId[]> {
  const events: EventWithId[] = [];
  for await (const event of turn.events()) events.push(event);
  return events;
}

export function fold(turnId: string, events: readonly TurnEvent[]): TurnProgress {
  return events.reduce(advance, emptyProgress(turnId));
}

/** I1: what a watcher folds = the progress query = what is read afterwards. Gives the events. */
export async function seenBy(rig: Pick<Rig, 'client'>, turn: TurnHandle): Promise<readonly EventWithId[]> {
  const events = await watch(turn);
  const folded = comparable(fold(turn.turnId, withoutIds(events)));
  const queried: TurnProgress = await rig.client.workflow.getHandle(turn.turnId).query('progress');
  // What the query marks as truncated was left out of it for size.
  if (!queried.truncated) expect(comparable(queried)).toEqual(folded);
  expect(comparable(await turn.progress())).toEqual(folded);
  expect(await watch(turn)).toEqual(events);
  const ends = events.filter(({ type }) => /^turn_(completed|failed|cancelled)$/.test(type));
  expect(ends).toEqual([events.at(-1)]);
  expect(folded.steps.filter((step) => step.state === 'running')).toEqual([]);
  return events;
}

/** What I1 compares: superseded steps and what they cost are for watchers only. */
function comparable(progress: TurnProgress) {
  const { superseded: _superseded, ...usage } = progress.usage;
  const end = progress.end && { ...progress.end, usage };
  return { ...progress, usage, end, steps: progress.steps.filter((step) => step.state !== 'superseded') };
}

const withoutIds = (events: readonly EventWithId[]): TurnEvent[] =>
  events.map(({ id: _id, ...event }) => event);

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
