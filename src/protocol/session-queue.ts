/** The order in which the messages of a session run. Pure. */
import { utf8Bytes } from '../events/bytes.js';
import { isInput } from './input-items.js';
import type { RunningTurn, SessionMessage } from './session.js';

/** Whether the message is to join this turn. What is no input would break it: as a turn of its own it is refused. */
export function joins({ while_busy, agent, input }: SessionMessage, running: RunningTurn): boolean {
  return while_busy === 'steer' && agent === running.agent && isInput(input);
}

/** As many of these as are at most so many bytes of JSON together with those before them; one by itself may be more. */
export function firstWithin(
  bytes: number,
  before: readonly SessionMessage[],
  messages: readonly SessionMessage[],
): readonly SessionMessage[] {
  if (messages.length === 0) return [];
  let left = bytes - before.reduce((sum, message) => sum + bytesOf(message), 0);
  const tooMuch = messages.findIndex((message, index) => {
    left -= bytesOf(message);
    return left < 0 && before.length + index > 0;
  });
  return tooMuch < 0 ? messages : messages.slice(0, tooMuch);
}

const bytesOf = ({ input }: SessionMessage): number => utf8Bytes(JSON.stringify(input));

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
