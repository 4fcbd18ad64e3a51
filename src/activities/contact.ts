/**
 * Gives up an attempt on a conversation that Temporal does not hear any more. Temporal is about to start another one
 * in its place, and a server without `conversation_locked` would put the answers of both there. Where nothing is at
 * stake but the price of an answer the attempt goes on: Temporal may be away for everybody, and be back in time.
 *
 * `context.heartbeat` is answered by nobody, so where no signal was acknowledged for a while Temporal is asked.
 */
import type { Attempt } from './attempt.js';

/** Shares of the heartbeat timeout. Together with the pace of heartbeats they stay below the whole of it. */
const QUIET = 0.45;
const PATIENCE = 0.35;
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
    else attempt.stop({ kind: 'cut_off' });
  };
  const timer = setInterval(look, timeout * TICK);
  return () => clearInterval(timer);
}
