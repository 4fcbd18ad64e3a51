/** `activityTool`: the model calls an activity that exists, in whatever language and on whatever task queue. */
import { checkKnown } from './options.js';
import type { Schema } from './schema.js';
import type { CallFacts, CommonToolOptions, Tool, ToolActivityOptions } from './tool.js';
import {
  ACTIVITY_OPTIONS,
  activitySettings,
  COMMON_OPTIONS,
  commonSettings,
  forgetArguments,
  functionSettings,
  wrongTool,
} from './tool-settings.js';

/** Defaults as of ToolOptions, but for heartbeatTimeout, which has none. */
export interface ActivityToolOptions<Arguments> extends ToolActivityOptions, CommonToolOptions<Arguments> {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`: the model sees it. */
  readonly name: string;
  /** The model sees it. Default: none. */
  readonly description?: string;
  /** zod or any other Standard Schema of an object. */
  readonly parameters: Schema<Arguments>;
  /** Type of the activity. Default: the name. */
  readonly activity?: string;
  /** The activity's arguments: JSON. Default: the model's arguments as its only one. */
  readonly args?: (args: Arguments, call: CallFacts) => readonly unknown[];
}

const KNOWN: Readonly<Record<keyof ActivityToolOptions<unknown>, true>> = {
  ...COMMON_OPTIONS,
  ...ACTIVITY_OPTIONS,
  name: true,
  description: true,
  parameters: true,
  activity: true,
  args: true,
};

/**
 * Options and defaults are those of `defineTool`, but for heartbeatTimeout, which has none. What the activity
 * returns is told to the model: a string as it is, anything else as JSON. A cancelled turn does not wait for it.
 * @throws ConfigurationError when the options cannot be right.
 */
export function activityTool<Arguments>(options: ActivityToolOptions<Arguments>): Tool {
  const { name, description, parameters, activity = name, args } = options;
  const wrong = wrongTool(name);
  checkKnown(options, KNOWN, 'activityTool', wrong);
  return Object.freeze({
    ...functionSettings(name, description, parameters, wrong),
    ...commonSettings(options, wrong),
    activityName: activity,
    activityOptions: activitySettings(options, {}, wrong),
    execute: undefined,
    foreign: {
      kind: 'activity',
      args: forgetArguments(args ?? ((given: Arguments) => [given])),
    } as const,
  });
}
