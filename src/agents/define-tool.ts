/** `defineTool`: a function that the model may call and that runs as a Temporal activity of its own name. */
import type { ActivityOptions, Logger } from '@temporalio/common';
import type { JsonObject, JsonValue } from '../events/json.js';
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

/** With Temporal's own names and defaults, but: startToCloseTimeout 5 minutes, heartbeatTimeout 10 s, retry.maximumAttempts 5. */
export interface ToolOptions<Arguments> extends ToolActivityOptions {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`: the model sees it. */
  readonly name: string;
  readonly description?: string;
  /** zod or any other Standard Schema of an object. */
  readonly parameters: Schema<Arguments>;
  /** What it returns is told to the model: a string as it is, anything else as JSON. */
  readonly execute: (args: Arguments, context: ToolContext) => unknown;
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
  readonly execute: (args: unknown, context: ToolContext) => unknown;
}

const KNOWN: Readonly<Record<keyof ToolOptions<unknown>, true>> = {
  name: true,
  description: true,
  parameters: true,
  execute: true,
  activityName: true,
  onFailure: true,
  maxOutputBytes: true,
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
  const { name, description, parameters, execute, activityName, onFailure, maxOutputBytes, ...activity } =
    options;
  const wrong = (message: string): never => {
    throw new ConfigurationError(`tool ${JSON.stringify(name)}: ${message}`);
  };
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(KNOWN, key));
  if (unknown) wrong(`${unknown} is no option of defineTool`);
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) wrong('a name has 1 to 64 of a-z A-Z 0-9 _ -');
  if (typeof execute !== 'function') wrong('execute must be a function');
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
    activityOptions: {
      startToCloseTimeout: '5 minutes',
      heartbeatTimeout: '10s',
      ...asJson(activity),
      retry: { maximumAttempts: 5, ...asJson(activity.retry) },
    },
    failsTurn: onFailure === 'fail-turn',
    maxOutputBytes: maxOutputBytes ?? 256 * 1024,
    execute: forgetType(execute),
  });
}

/** Temporal's activity options are JSON, but for `undefined` members. */
function asJson(options: object | undefined): JsonObject {
  return JSON.parse(JSON.stringify(options ?? {})) as JsonObject;
}

/** `execute` is only ever called with what `parameters` validated, so its argument type may be forgotten. */
function forgetType<Arguments>(execute: ToolOptions<Arguments>['execute']): Tool['execute'] {
  return execute as Tool['execute'];
}
