/** The exit codes, as docs/cli.md tells them. */
import type { TurnEvent } from '../events/index.js';

export const EXIT = {
  ok: 0,
  /** The turn failed. */
  failed: 1,
  /** The command line, its input, or what it names is wrong. */
  usage: 2,
  /** The turn was cancelled. */
  cancelled: 3,
  /** The turn ended before it was done: a limit, a filter. */
  incomplete: 4,
  /** Temporal, a worker, a port or a program that is needed is not there. */
  unavailable: 69,
  /** What nobody foresaw. */
  unexpected: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a turn ended; undefined for events that do not end one. */
export function exitOf(event: TurnEvent): ExitCode | undefined {
  switch (event.type) {
    case 'turn_completed':
      return event.status === 'completed' ? EXIT.ok : EXIT.incomplete;
    case 'turn_failed':
      return EXIT.failed;
    case 'turn_cancelled':
      return EXIT.cancelled;
    default:
      return undefined;
  }
}
