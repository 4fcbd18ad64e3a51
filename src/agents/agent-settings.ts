/** What the options of an agent are checked for that have members of their own. Pure. */
import type { TurnLimits } from '../protocol/turn.js';
import type { AgentOptions, InferenceOptions, Publishing } from './define-agent.js';
import { checkMembers, checkOneOf } from './options.js';
import type { Wrong } from './options.js';
import { isModelServer, SERVER_FLAGS } from './server-capabilities.js';

/** A turn takes 10,000 signals at most. */
const MIN_INTERVAL_MS = 20;
/** Node's timers take at most this many ms, and fire at once for more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The server answers heartbeats within this time also when it is busy. */
const LEAST_HEARTBEAT_TIMEOUT_MS = 1000;

/** The least of each. */
const LIMITS: Readonly<Record<keyof TurnLimits, number>> = {
  max_responses: 1,
  max_tool_calls: 0,
  max_tokens: 1,
  max_seconds: 1,
};
const PUBLISHING: Readonly<Record<keyof Publishing, true>> = {
  mode: true,
  minInterval: true,
  maxInterval: true,
};
/** From and to. */
const INFERENCE: Readonly<Record<keyof InferenceOptions, readonly [number, number]>> = {
  maximumAttempts: [1, Number.MAX_SAFE_INTEGER],
  idleTimeout: [1, LONGEST_TIMER_MS],
  timeout: [1, LONGEST_TIMER_MS],
  heartbeatTimeout: [LEAST_HEARTBEAT_TIMEOUT_MS, LONGEST_TIMER_MS],
};

export function checkSettings(options: AgentOptions, wrong: Wrong): void {
  const { limits, publishing, inference, server } = options;
  checkMembers('limits', limits, LIMITS, wrong);
  for (const [name, least] of Object.entries(LIMITS)) {
    const value: unknown = limits?.[name as keyof TurnLimits];
    if (value !== undefined && !(typeof value === 'number' && value >= least))
      wrong(`limits.${name} must be a number of at least ${least}`);
  }
  checkMembers('publishing', publishing, PUBLISHING, wrong);
  checkOneOf('publishing.mode', publishing?.mode, ['live', 'steps', 'off'], wrong);
  const { minInterval = MIN_INTERVAL_MS, maxInterval = MIN_INTERVAL_MS } = publishing ?? {};
  if (!(minInterval >= MIN_INTERVAL_MS && maxInterval >= MIN_INTERVAL_MS))
    wrong(`publishing intervals must be at least ${MIN_INTERVAL_MS} (ms)`);
  checkMembers('inference', inference, INFERENCE, wrong);
  for (const [name, [least, most]] of Object.entries(INFERENCE)) {
    const value = inference?.[name as keyof InferenceOptions];
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most))
      wrong(`inference.${name} must be a whole number from ${least} to ${most}`);
  }
  if (typeof server !== 'string') checkMembers('server', server, SERVER_FLAGS, wrong);
  else if (!isModelServer(server)) wrong(`server ${String(server)} is unknown`);
}
