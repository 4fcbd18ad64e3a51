/** `defineTool`: a function that the model may call and that runs as a Temporal activity of its own name. */
import type { ActivityOptions, Duration, Logger } from '@temporalio/common';
import type { JsonObject, JsonValue } from '../events/json.js';
import { activityOptionsAsJson } from '../protocol/activity-options.js';
import { durationMs } from '../protocol/duration.js';
import { ConfigurationError } from './configuration-error.js';
import { jsonSchemaOf } from './schema.js';
import type { JsonSchema, Schema } from './schema.js';

/** What a tool's `execute` is given beside its arguments. */
export interface ToolContext<Context = JsonValue> {
  readonly turnId: string;
  readonly callId: string;
  /** Temporal's attempt, from 1. */
  readonly attempt: number;
  /** The same for every attempt of this call, also after crashes, replay and reset: give it to what must not happen twice. */
  readonly idempotencyKey: string;
  /** The `context` of the turn. */
  readonly context: Context | undefined;
  /** Aborted when the turn is cancelled or the worker shuts down. */
  readonly signal: AbortSignal;
  /** Tells watchers how it goes: a `tool_report` in the tool's step. */
  readonly report: (data: JsonValue) => void;
  readonly log: Logger;
}

type ToolActivityOptions = Pick<
  ActivityOptions,
  | 'retry'
  | 'startToCloseTimeout'
  | 'scheduleToStartTimeout'
  | 'scheduleToCloseTimeout'
  | 'heartbeatTimeout'
  | 'taskQueue'
  | 'priority'
>;

type InputOptions<Arguments> = {
  /** Asks somebody before each call, or before those with such arguments. Default: no. */
  readonly needsApproval?: boolean | ((args: Arguments) => boolean);
  /** How long to wait for the approval or the output. Default: for ever. */
  readonly inputTimeout?: Duration;
  /** When nobody answers in time. Default `deny`. */
  readonly onInputTimeout?: 'deny' | 'approve' | 'fail-turn';
};

/** With Temporal's own names and defaults, but: startToCloseTimeout 5 minutes, heartbeatTimeout 10 s, retry.maximumAttempts 5. */
export interface ToolOptions<Arguments> extends ToolActivityOptions, InputOptions<Arguments> {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`: the model sees it. */
  readonly name: string;
  readonly description?: string;
  /** zod or any other Standard Schema of an object. */
  readonly parameters: Schema<Arguments>;
  /**
   * What it returns is told to the model: a string as it is, anything else as JSON. Without `execute` somebody
   * else runs the tool: the turn waits for its output (see `submitToolOutput`).
   */
  readonly execute?: (args: Arguments, context: ToolContext) => unknown;
  /** The activity's type. Default: the tool's name. */
  readonly activityName?: string;
  /** When it fails for good: tell the model (default), or fail the turn. */
  readonly onFailure?: 'tell-model' | 'fail-turn';
  /** Most bytes of output. Default 256 KiB. */
  readonly maxOutputBytes?: number;
}

/** A tool as the plugin takes it. Made by `defineTool` only. */
export interface Tool {
  readonly kind: 'durable-turns/tool';
  readonly name: string;
  readonly description: string | undefined;
  readonly activityName: string;
  readonly parameters: Schema;
  readonly jsonSchema: JsonSchema;
  readonly activityOptions: JsonObject;
  readonly failsTurn: boolean;
  readonly maxOutputBytes: number;
  /** Whether somebody must decide about a call with these arguments. */
  readonly needsApproval: (args: unknown) => boolean;
  readonly inputTimeoutMs: number | undefined;
  readonly onInputTimeout: 'deny' | 'approve' | 'fail-turn';
  /** Undefined: somebody else runs it. */
  readonly execute: ((args: unknown, context: ToolContext) => unknown) | undefined;
}

const KNOWN: Readonly<Record<keyof ToolOptions<unknown>, true>> = {
  name: true,
  description: true,
  parameters: true,
  execute: true,
  activityName: true,
  onFailure: true,
  maxOutputBytes: true,
  needsApproval: true,
  inputTimeout: true,
  onInputTimeout: true,
  retry: true,
  startToCloseTimeout: true,
  scheduleToStartTimeout: true,
  scheduleToCloseTimeout: true,
  heartbeatTimeout: true,
  taskQueue: true,
  priority: true,
};

/** @throws ConfigurationError when the options cannot be right. */
export function defineTool<Arguments>(options: ToolOptions<Arguments>): Tool {
  const { name, description, parameters, execute, activityName, onFailure, maxOutputBytes } = options;
  const { needsApproval = false, inputTimeout, onInputTimeout = 'deny' } = options;
  const wrong = (message: string): never => {
    throw new ConfigurationError(`tool ${JSON.stringify(name)}: ${message}`);
  };
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(KNOWN, key));
  if (unknown) wrong(`${unknown} is no option of defineTool`);
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) wrong('a name has 1 to 64 of a-z A-Z 0-9 _ -');
  if (execute !== undefined && typeof execute !== 'function') wrong('execute must be a function');
  if (!execute && onInputTimeout === 'approve')
    wrong('an external tool cannot be approved by a timeout: nobody would run it');
  if (maxOutputBytes !== undefined && !(maxOutputBytes > 0)) wrong('maxOutputBytes must be more than 0');
  if (!parameters?.['~standard']) wrong('parameters must be a Standard Schema, such as z.object({...})');
  const jsonSchema = jsonSchemaOf(parameters);
  if (jsonSchema?.schema['type'] !== 'object') {
    return wrong(
      'parameters must give the JSON Schema of an object; with zod use z.object({...}) of version 4.2 or later',
    );
  }
  return Object.freeze({
    kind: 'durable-turns/tool',
    name,
    description,
    activityName: activityName ?? name,
    parameters,
    jsonSchema,
    activityOptions: orWrong(wrong, () => activityOptions(options)),
    failsTurn: onFailure === 'fail-turn',
    maxOutputBytes: maxOutputBytes ?? 256 * 1024,
    needsApproval: forgetArguments(typeof needsApproval === 'function' ? needsApproval : () => needsApproval),
    inputTimeoutMs: inputTimeout === undefined ? undefined : orWrong(wrong, () => durationMs(inputTimeout)),
    onInputTimeout,
    execute: execute && forgetArguments(execute),
  });
}

const ACTIVITY_OPTIONS = [
  'startToCloseTimeout',
  'scheduleToStartTimeout',
  'scheduleToCloseTimeout',
  'heartbeatTimeout',
  'taskQueue',
  'priority',
] as const satisfies readonly (keyof ToolActivityOptions)[];

function activityOptions(options: ToolActivityOptions): JsonObject {
  const given = ACTIVITY_OPTIONS.filter((name) => options[name] !== undefined);
  return activityOptionsAsJson({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '10s',
    ...Object.fromEntries(given.map((name) => [name, options[name]])),
    retry: { maximumAttempts: 5, ...options.retry },
  });
}

function orWrong<T>(wrong: (message: string) => never, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    return wrong(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** These are only ever called with what `parameters` validated, so the arguments' type may be forgotten. */
function forgetArguments<Rest extends unknown[], Result>(
  call: (args: never, ...rest: Rest) => Result,
): (args: unknown, ...rest: Rest) => Result {
  return call as (args: unknown, ...rest: Rest) => Result;
}
