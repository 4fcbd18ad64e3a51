/** Holds a stream of turn events to the rules for steps. */
import type { TurnEvent } from '../../src/events/turn-event.js';

/** What is wrong with the steps of these events; `[]` when each started once, spoke in order and ended once. */
export function brokenSteps(events: readonly TurnEvent[]): string[] {
  const lives = new Map<string, string>();
  for (const event of events) {
    if (!('step_id' in event)) continue;
    lives.set(event.step_id, (lives.get(event.step_id) ?? '') + LETTERS[event.type]);
  }
  return [...lives].filter(([, life]) => !/^sp*(c|v|cv)$/.test(life)).map(([id, life]) => `${id}: ${life}`);
}

const LETTERS = {
  step_started: 's',
  step_progress: 'p',
  step_completed: 'c',
  step_superseded: 'v',
  input_required: '',
} as const;
