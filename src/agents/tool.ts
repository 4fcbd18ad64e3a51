/** A tool as the plugin takes it, and the options that every kind of tool has. */
import type { ActivityOptions, Duration, Logger } from '@temporalio/common';
import type { JsonObject, JsonValue } from '../events/json.js';
import type { Validated } from './schema.js';

/** What a tool's `execute` is given beside its arguments. */
export interface ToolContext<Context = JsonValue> {
  /** The turn's id, which is its workflow's. */
  readonly turnId: string;
  /** As the server named the call; some servers name calls alike in each response. */
  readonly callId: string;
  /** Temporal's attempt, from 1. */
  readonly attempt: number;
  /** The same for every attempt of this call, also after crashes, replay and reset: give it to what must not happen twice. */
  readonly idempotencyKey: string;
  /** The `context` of the turn. */
  readonly context: Context | undefined;
  /** Aborted when the turn is cancelled or the worker shuts down. */
  readonly signal: AbortSignal;
  /** Tells watchers how it goes: a `tool_report` in the tool's step. At most 16 KiB of JSON. */
  readonly report: (data: JsonValue) => void;
  /** Temporal's activity logger. */
  readonly log: Logger;
}

/** What is known of a call before it runs. */
export type CallFacts = Pick<ToolContext, 'turnId' | 'callId' | 'idempotencyKey' | 'context'>;

export type ToolActivityOptions = Pick<
  ActivityOptions,
  | 'retry'
  | 'startToCloseTimeout'
  | 'scheduleToStartTimeout'
  | 'scheduleToCloseTimeout'
  | 'heartbeatTimeout'
  | 'taskQueue'
  | 'priority'
>;

/** Options of tools of every kind. */
export interface CommonToolOptions<Arguments> {
  /** When it fails for good: tell the model (default), or fail the turn. */
  readonly onFailure?: 'tell-model' | 'fail-turn';
  /** Most bytes of output. Default 256 KiB. */
  readonly maxOutputBytes?: number;
  /** Asks somebody before each call, or before those with such arguments. Default: no. */
  readonly needsApproval?: boolean | ((args: Arguments) => boolean);
  /** How long to wait for the approval or the output. Default: for ever. */
  readonly inputTimeout?: Duration;
  /** When nobody answers in time. Default `deny`. */
  readonly onInputTimeout?: 'deny' | 'approve' | 'fail-turn';
}

/** An activity or a workflow that exists without us. */
export interface Foreign {
  readonly kind: 'activity' | 'workflow';
  /** What it is given. Default: the arguments alone. */
  readonly args: (args: unknown, call: CallFacts) => readonly unknown[];
}

/** Made by defineTool, builtinTool, activityTool, workflowTool and mcpTools only. */
export interface Tool {
  readonly kind: 'durable-turns/tool';
  readonly name: string;
  /** Type of its calls: `function`, `custom`, or that of a built-in tool. */
  readonly toolType: string;
  /** As the request declares it to the model. */
  readonly declaration: JsonObject;
  /** The arguments as `execute` is given them, or what is wrong with them. */
  readonly parse: (written: string) => Promise<Validated<unknown>>;
  /** Type of the activity, or of the workflow, that runs it. */
  readonly activityName: string;
  /** ActivityOptions, or ChildWorkflowOptions, as JSON. */
  readonly activityOptions: JsonObject;
  readonly failsTurn: boolean;
  readonly maxOutputBytes: number;
  /** Whether somebody must decide about a call with these arguments. */
  readonly needsApproval: (args: unknown) => boolean;
  readonly inputTimeoutMs: number | undefined;
  readonly onInputTimeout: 'deny' | 'approve' | 'fail-turn';
  readonly execute: ((args: unknown, context: ToolContext) => unknown) | undefined;
  /** In place of `execute`. Neither: somebody else runs it, and the turn waits for its output. */
  readonly foreign: Foreign | undefined;
}
