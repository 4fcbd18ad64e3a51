// What has to be the same for everybody who reads a turn. Pure: also for processes in which no test runs.

import { advance, emptyProgress } from '../../src/events.js';
import type { TurnEvent, TurnProgress } from '../../src/events.js';
import type { EventWithId } from '../../src/client/index.js';

export function fold(turnId: string, events: readonly TurnEvent[]): TurnProgress {
  return events.reduce(advance, emptyProgress(turnId));
}

/** What I1 compares: superseded steps and what they cost are for watchers only. */
export function comparable(progress: TurnProgress) {
  const { superseded: _superseded, ...usage } = progress.usage;
  const end = progress.end && { ...progress.end, usage };
  return { ...progress, usage, end, steps: progress.steps.filter((step) => step.state !== 'superseded') };
}

export const withoutIds = (events: readonly EventWithId[]): TurnEvent[] =>
  events.map(({ id: _id, ...event }) => event);
