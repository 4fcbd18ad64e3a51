/** Gives an attempt up whose stream falls silent, or that takes too long. */
import type { InferenceOptions } from '../agents/define-agent.js';
import type { Attempt } from './attempt.js';

const DEFAULT_IDLE_MS = 10 * 60_000;
const DEFAULT_TIMEOUT_MS = 60 * 60_000;
/** How long a server may take to close a stream whose response has ended. */
const LINGER_MS = 200;

export interface Watchdog {
  /** An event came. */
  readonly ping: () => void;
  /** The response has ended: the stream should end soon, and reading on to its end keeps the connection. */
  readonly linger: (stream: AbortController) => void;
  readonly stop: () => void;
}

export function watch(attempt: Attempt, options: InferenceOptions = {}): Watchdog {
  const { idleTimeout = DEFAULT_IDLE_MS, timeout = DEFAULT_TIMEOUT_MS } = options;
  const giveUp = (message: string) => () => attempt.stop({ kind: 'silent', message });
  const whole = setTimeout(giveUp(`The response took longer than ${timeout} ms`), timeout);
  const idle = setTimeout(giveUp(`The stream said nothing for ${idleTimeout} ms`), idleTimeout);
  let lingering: NodeJS.Timeout | undefined;
  return {
    ping: () => idle.refresh(),
    linger: (stream) => (lingering = setTimeout(() => stream.abort(), LINGER_MS)),
    stop: () => [whole, idle, lingering].forEach((timer) => clearTimeout(timer)),
  };
}
