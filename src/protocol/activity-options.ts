/** Activity options on their way from a tool's definition to the workflow: checked, and as JSON. Pure. */
import { compileRetryPolicy } from '@temporalio/common';
import type { ActivityOptions, RetryPolicy } from '@temporalio/common';
import type { JsonObject } from '../events/json.js';
import { durationMs } from './duration.js';

const TIMEOUTS = [
  'startToCloseTimeout',
  'scheduleToStartTimeout',
  'scheduleToCloseTimeout',
  'heartbeatTimeout',
] as const satisfies readonly (keyof ActivityOptions)[];

/**
 * What Temporal would refuse is refused here: in the workflow it would block the turn.
 * @throws Error that names the option.
 */
export function activityOptionsAsJson(options: ActivityOptions): JsonObject {
  for (const name of TIMEOUTS) {
    const given = options[name];
    if (given !== undefined && !isTimeout(given)) {
      throw new Error(`${name} ${JSON.stringify(given)} is no duration such as "30s" or a number of ms`);
    }
  }
  const { retry, ...rest } = options;
  if (retry) compileRetryPolicy(retry);
  return JSON.parse(JSON.stringify({ ...rest, ...(retry ? { retry: finite(retry) } : {}) })) as JsonObject;
}

function isTimeout(given: NonNullable<ActivityOptions['startToCloseTimeout']>): boolean {
  try {
    const ms = durationMs(given);
    return Number.isFinite(ms) && ms > 0;
  } catch {
    return false;
  }
}

/** JSON knows no Infinity; for Temporal it is the same as saying nothing. */
function finite({ maximumAttempts, ...retry }: RetryPolicy): RetryPolicy {
  return maximumAttempts === Infinity || maximumAttempts === undefined
    ? retry
    : { ...retry, maximumAttempts };
}
