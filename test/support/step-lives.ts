/** Holds a stream of turn events to the rules for steps. */
import type { TurnEvent } from '../../src/events/turn-event.js';

/**
 * What is wrong with the steps of these events; `[]` when each started once, spoke in order and ended once.
 * `reset`: where an operator resets a workflow or an activity a superseded step may start again.
 */
export function brokenSteps(events: readonly TurnEvent[], { reset = false } = {}): string[] {
  const lives = new Map<string, string>();
  for (const event of events) {
    if (!('step_id' in event)) continue;
    lives.set(event.step_id, (lives.get(event.step_id) ?? '') + LETTERS[event.type]);
  }
  const whole = reset ? /^(sp*c?v)*sp*(c|v|cv)$/ : /^sp*(c|v|cv)$/;
  return [...lives].filter(([, life]) => !whole.test(life)).map(([id, life]) => `${id}: ${life}`);
}

const LETTERS = {
  step_started: 's',
  step_progress: 'p',
  step_completed: 'c',
  step_superseded: 'v',
  input_required: '',
} as const;
