/** What every kind of tool is checked for and made of. */
import type { RetryPolicy } from '@temporalio/common';
import { activityOptionsAsJson } from '../protocol/activity-options.js';
import type { JsonObject } from '../events/json.js';
import { durationMs } from '../protocol/duration.js';
import { ConfigurationError } from './configuration-error.js';
import { checkMembers, checkOneOf, orWrong } from './options.js';
import type { Wrong } from './options.js';
import { jsonSchemaOf, validate } from './schema.js';
import type { Schema, Validated } from './schema.js';
import type { CommonToolOptions, Tool, ToolActivityOptions } from './tool.js';

export function wrongTool(name: unknown): Wrong {
  return (message) => {
    throw new ConfigurationError(`tool ${JSON.stringify(name)}: ${message}`);
  };
}

export const COMMON_OPTIONS: Readonly<Record<keyof CommonToolOptions<unknown>, true>> = {
  onFailure: true,
  maxOutputBytes: true,
  needsApproval: true,
  inputTimeout: true,
  onInputTimeout: true,
};

export const ACTIVITY_OPTIONS: Readonly<Record<keyof ToolActivityOptions, true>> = {
  retry: true,
  startToCloseTimeout: true,
  scheduleToStartTimeout: true,
  scheduleToCloseTimeout: true,
  heartbeatTimeout: true,
  taskQueue: true,
  priority: true,
};

/** Those of Temporal's RetryPolicy. */
const RETRY: Readonly<Record<keyof RetryPolicy, true>> = {
  maximumAttempts: true,
  initialInterval: true,
  maximumInterval: true,
  backoffCoefficient: true,
  nonRetryableErrorTypes: true,
};

export function checkRetry(retry: unknown, wrong: Wrong): void {
  checkMembers('retry', retry, RETRY, wrong);
}

export function checkName(name: unknown, wrong: Wrong): void {
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) wrong('a name has 1 to 64 of a-z A-Z 0-9 _ -');
}

export function checkDescription(description: unknown, wrong: Wrong): void {
  if (description !== undefined && typeof description !== 'string') wrong('description must be a text');
}

type Common = Pick<
  Tool,
  'kind' | 'failsTurn' | 'maxOutputBytes' | 'needsApproval' | 'inputTimeoutMs' | 'onInputTimeout'
>;

export function commonSettings<Arguments>(options: CommonToolOptions<Arguments>, wrong: Wrong): Common {
  const { onFailure, maxOutputBytes = 256 * 1024, needsApproval = false, inputTimeout } = options;
  if (!(maxOutputBytes > 0)) wrong('maxOutputBytes must be more than 0');
  checkOneOf('onFailure', onFailure, ['tell-model', 'fail-turn'], wrong);
  checkOneOf('onInputTimeout', options.onInputTimeout, ['deny', 'approve', 'fail-turn'], wrong);
  if (!['boolean', 'function'].includes(typeof needsApproval))
    wrong('needsApproval must be true, false or a function of the arguments');
  return {
    kind: 'durable-turns/tool',
    failsTurn: onFailure === 'fail-turn',
    maxOutputBytes,
    needsApproval: forgetArguments(typeof needsApproval === 'function' ? needsApproval : () => needsApproval),
    inputTimeoutMs:
      inputTimeout === undefined ? undefined : orWrong(wrong, 'inputTimeout', () => durationMs(inputTimeout)),
    onInputTimeout: options.onInputTimeout ?? 'deny',
  };
}

/** How long a call waits for a worker of a task queue of its own, where the tool does not say. */
const SCHEDULE_TO_START = '5 minutes';

/** Those that were given, with `defaults` for those that were not. */
export function activitySettings(
  options: ToolActivityOptions,
  defaults: ToolActivityOptions,
  wrong: Wrong,
): JsonObject {
  checkRetry(options.retry, wrong);
  const given = Object.keys(ACTIVITY_OPTIONS)
    .map((name) => [name, options[name as keyof ToolActivityOptions]] as const)
    .filter(([name, value]) => value !== undefined && name !== 'retry');
  return orWrong(wrong, undefined, () =>
    activityOptionsAsJson({
      startToCloseTimeout: '5 minutes',
      ...defaults,
      // Nobody would ever say that no worker serves that queue.
      ...(options.taskQueue === undefined ? {} : { scheduleToStartTimeout: SCHEDULE_TO_START }),
      ...Object.fromEntries(given),
      retry: { maximumAttempts: 5, ...options.retry },
    }),
  );
}

type FunctionSettings = Pick<Tool, 'name' | 'toolType' | 'declaration' | 'parse'>;

/** A tool that the model calls with JSON of a schema. */
export function functionSettings(
  name: string,
  description: string | undefined,
  parameters: Schema,
  wrong: Wrong,
): FunctionSettings {
  checkName(name, wrong);
  checkDescription(description, wrong);
  if (!parameters?.['~standard']) wrong('parameters must be a Standard Schema, such as z.object({...})');
  const jsonSchema = orWrong(wrong, 'parameters', () => jsonSchemaOf(parameters));
  if (jsonSchema?.schema['type'] !== 'object') {
    return wrong(
      'parameters must give the JSON Schema of an object; with zod use z.object({...}) of version 4.2 or later',
    );
  }
  return {
    name,
    toolType: 'function',
    declaration: {
      type: 'function',
      name,
      ...(description === undefined ? {} : { description }),
      parameters: jsonSchema.schema,
      strict: jsonSchema.strict,
    },
    parse: async (written) => {
      const json = await parseJson(written);
      return 'problem' in json ? json : validate(parameters, json.value);
    },
  };
}

export function parseJson(written: string): Promise<Validated<unknown>> {
  try {
    // No arguments at all is how some servers write the empty object.
    return Promise.resolve({ value: JSON.parse(written.trim() === '' ? '{}' : written) as unknown });
  } catch {
    return Promise.resolve({ problem: 'they are not valid JSON' });
  }
}

/** These are only ever called with what `parse` gave, so the arguments' type may be forgotten. */
export function forgetArguments<Rest extends unknown[], Result>(
  call: (args: never, ...rest: Rest) => Result,
): (args: unknown, ...rest: Rest) => Result {
  return call as (args: unknown, ...rest: Rest) => Result;
}
