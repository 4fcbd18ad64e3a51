/**
 * Gives up an attempt that Temporal does not hear any more. Temporal is about to start another one in its place, and
 * the server would put the answers of both into the conversation, and have both paid.
 *
 * `context.heartbeat` is answered by nobody, so where no signal was acknowledged for a while Temporal is asked.
 */
import type { Attempt } from './attempt.js';

/** Shares of the heartbeat timeout. Together with the pace of heartbeats they stay below the whole of it. */
const QUIET = 0.3;
const PATIENCE = 0.4;
const TICK = 0.05;

/** Begins to watch; call what it gives when the attempt has its answer. */
export function keepContact(attempt: Attempt): () => void {
  const timeout = attempt.context.info.heartbeatTimeoutMs;
  if (!timeout) return () => undefined;
  let askedSince: number | undefined;
  const look = (): void => {
    const now = Date.now();
    if (now - attempt.heardAt < timeout * QUIET) {
      askedSince = undefined;
      return;
    }
    // A process that slept asks before it gives up: its own clock alone says nothing.
    askedSince ??= now;
    if (now - askedSince < timeout * PATIENCE) void attempt.ask(timeout * PATIENCE);
    else attempt.stop({ kind: 'silent', message: 'Temporal does not answer, so another attempt takes over' });
  };
  const timer = setInterval(look, timeout * TICK);
  return () => clearInterval(timer);
}
