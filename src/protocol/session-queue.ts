/** The order in which the messages of a session run. Pure. */
import { isInput } from './input-items.js';
import type { RunningTurn, SessionMessage } from './session.js';

/** Whether the message is to join this turn. What is no input would break it: as a turn of its own it is refused. */
export function joins({ while_busy, agent, input }: SessionMessage, running: RunningTurn): boolean {
  return while_busy === 'steer' && agent === running.agent && isInput(input);
}

/** What interrupts runs first. */
export function behindInterrupts(
  queue: readonly SessionMessage[],
  messages: readonly SessionMessage[],
): SessionMessage[] {
  const first = queue.findIndex(({ while_busy }) => while_busy !== 'interrupt');
  const behind = first < 0 ? queue.length : first;
  return [...queue.slice(0, behind), ...messages, ...queue.slice(behind)];
}

/** As they would run if the turn ended now: those that were to join it ahead of those that only wait. */
export function waitingIn(
  queue: readonly SessionMessage[],
  running: RunningTurn | undefined,
): readonly SessionMessage[] {
  if (!running) return queue;
  const joining = queue.filter((message) => joins(message, running));
  const others = queue.filter((message) => !joining.includes(message));
  return behindInterrupts(others, [...running.steering, ...joining]);
}
