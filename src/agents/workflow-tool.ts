/** `workflowTool`: the model starts a child workflow and is told its result, hours or days later. */
import type { Duration, RetryPolicy } from '@temporalio/common';
import { activityOptionsAsJson } from '../protocol/activity-options.js';
import { durationMs } from '../protocol/duration.js';
import { checkKnown, orWrong } from './options.js';
import type { Schema } from './schema.js';
import type { CallFacts, CommonToolOptions, Tool } from './tool.js';
import {
  checkRetry,
  COMMON_OPTIONS,
  commonSettings,
  forgetArguments,
  functionSettings,
  wrongTool,
} from './tool-settings.js';

/** With Temporal's own names for those of a child workflow. */
export interface WorkflowToolOptions<Arguments> extends CommonToolOptions<Arguments> {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`: the model sees it. */
  readonly name: string;
  /** The model sees it. Default: none. */
  readonly description?: string;
  /** zod or any other Standard Schema of an object. */
  readonly parameters: Schema<Arguments>;
  /** Type of the workflow. Default: the name. */
  readonly workflow?: string;
  /** The workflow's arguments: JSON. Default: the model's arguments as its only one. */
  readonly args?: (args: Arguments, call: CallFacts) => readonly unknown[];
  /** Default: that of the turn. */
  readonly taskQueue?: string;
  /** All runs and tries together. Default: no limit. */
  readonly workflowExecutionTimeout?: Duration;
  /** One run. Default: no limit. */
  readonly workflowRunTimeout?: Duration;
  /** Default: it is not tried again. */
  readonly retry?: RetryPolicy;
}

const KNOWN: Readonly<Record<keyof WorkflowToolOptions<unknown>, true>> = {
  ...COMMON_OPTIONS,
  name: true,
  description: true,
  parameters: true,
  workflow: true,
  args: true,
  taskQueue: true,
  workflowExecutionTimeout: true,
  workflowRunTimeout: true,
  retry: true,
};

/**
 * The child's id is `<turn id>/<step's source>`. When the turn is cancelled or closes, it is asked to cancel.
 * @throws ConfigurationError when the options cannot be right.
 */
export function workflowTool<Arguments>(options: WorkflowToolOptions<Arguments>): Tool {
  const { name, description, parameters, workflow = name, args, taskQueue, retry } = options;
  const { workflowExecutionTimeout, workflowRunTimeout } = options;
  const wrong = wrongTool(name);
  checkKnown(options, KNOWN, 'workflowTool', wrong);
  checkRetry(retry, wrong);
  const timeouts = Object.entries({ workflowExecutionTimeout, workflowRunTimeout }).flatMap(([key, given]) =>
    given === undefined ? [] : [[key, orWrong(wrong, key, () => durationMs(given))] as const],
  );
  return Object.freeze({
    ...functionSettings(name, description, parameters, wrong),
    ...commonSettings(options, wrong),
    activityName: workflow,
    activityOptions: {
      ...Object.fromEntries(timeouts),
      ...(taskQueue === undefined ? {} : { taskQueue }),
      ...(retry ? orWrong(wrong, undefined, () => activityOptionsAsJson({ retry })) : {}),
    },
    execute: undefined,
    foreign: {
      kind: 'workflow',
      args: forgetArguments(args ?? ((given: Arguments) => [given])),
    } as const,
  });
}
