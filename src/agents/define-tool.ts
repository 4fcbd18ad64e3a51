/** `defineTool`: a function that the model may call and that runs as a Temporal activity of its own name. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { checkKnown } from './options.js';
import type { Wrong } from './options.js';
import type { Schema } from './schema.js';
import type { CommonToolOptions, Tool, ToolActivityOptions, ToolContext } from './tool.js';
import {
  ACTIVITY_OPTIONS,
  activitySettings,
  checkDescription,
  checkName,
  COMMON_OPTIONS,
  commonSettings,
  forgetArguments,
  functionSettings,
  wrongTool,
} from './tool-settings.js';

interface DefinedToolOptions<Arguments, Context> extends ToolActivityOptions, CommonToolOptions<Arguments> {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`: the model sees it. */
  readonly name: string;
  /** The model sees it. Default: none. */
  readonly description?: string;
  /**
   * What it returns is told to the model: a string as it is, anything else as JSON. Without `execute` somebody
   * else runs the tool: the turn waits for its output (see `submitToolOutput`).
   */
  readonly execute?: (args: Arguments, context: ToolContext<Context>) => unknown;
  /** The activity's type. Default: the tool's name. */
  readonly activityName?: string;
}

/**
 * With Temporal's own names and defaults, but: startToCloseTimeout 5 minutes, heartbeatTimeout 10 s,
 * retry.maximumAttempts 5, and with a taskQueue scheduleToStartTimeout 5 minutes.
 */
export interface ToolOptions<Arguments, Context = JsonValue> extends DefinedToolOptions<Arguments, Context> {
  readonly type?: 'function';
  /** zod or any other Standard Schema of an object. */
  readonly parameters: Schema<Arguments>;
}

/** A tool that the model gives free text instead of JSON. */
export interface CustomToolOptions<Context = JsonValue> extends DefinedToolOptions<string, Context> {
  readonly type: 'custom';
  /** What the text may be, as OpenAI writes it. Default: any text. */
  readonly format?:
    | { readonly type: 'text' }
    | { readonly type: 'grammar'; readonly syntax: 'lark' | 'regex'; readonly definition: string };
}

const KNOWN: Readonly<Record<keyof ToolOptions<unknown> | keyof CustomToolOptions, true>> = {
  ...COMMON_OPTIONS,
  ...ACTIVITY_OPTIONS,
  type: true,
  name: true,
  description: true,
  parameters: true,
  format: true,
  execute: true,
  activityName: true,
};

/** @throws ConfigurationError when the options cannot be right. */
export function defineTool<Context = JsonValue>(options: CustomToolOptions<Context>): Tool;
export function defineTool<Arguments, Context = JsonValue>(options: ToolOptions<Arguments, Context>): Tool;
export function defineTool<Arguments, Context>(
  options: ToolOptions<Arguments, Context> | CustomToolOptions<Context>,
): Tool {
  const wrong = wrongTool(options?.name);
  if (!options) wrong('defineTool takes options: { name, parameters, ... }');
  checkKnown(options, KNOWN, 'defineTool', wrong);
  return options.type === 'custom' ? customTool(options, wrong) : functionTool(options, wrong);
}

function functionTool<Arguments, Context>(options: ToolOptions<Arguments, Context>, wrong: Wrong): Tool {
  const { name, description, parameters } = options;
  if ('format' in options) wrong('format is for tools of type "custom"');
  return Object.freeze({
    ...functionSettings(name, description, parameters, wrong),
    ...executed(options, wrong),
  });
}

function customTool<Context>(options: CustomToolOptions<Context>, wrong: Wrong): Tool {
  const { name, description, format } = options;
  checkName(name, wrong);
  checkDescription(description, wrong);
  if ('parameters' in options) wrong('a tool of type "custom" takes text: leave out parameters');
  return Object.freeze({
    name,
    toolType: 'custom',
    declaration: {
      type: 'custom',
      name,
      ...(description === undefined ? {} : { description }),
      ...(format === undefined ? {} : { format: { ...format } satisfies JsonObject }),
    },
    parse: (written: string) => Promise.resolve({ value: written }),
    ...executed(options, wrong),
  });
}

/** What a tool with an `execute` of its own has, whatever it is called with. */
function executed<Arguments, Context>(options: DefinedToolOptions<Arguments, Context>, wrong: Wrong) {
  const { name, execute, activityName = name, onInputTimeout } = options;
  if (execute !== undefined && typeof execute !== 'function') wrong('execute must be a function');
  if (!execute && onInputTimeout === 'approve')
    wrong('an external tool cannot be approved by a timeout: nobody would run it');
  return {
    ...commonSettings(options, wrong),
    activityName,
    activityOptions: activitySettings(options, { heartbeatTimeout: '10s' }, wrong),
    execute: execute && forgetArguments(forgetContext(execute)),
    foreign: undefined,
  };
}

/** What the context of a turn holds is the word of who writes the tool: nobody here can check it. */
function forgetContext<Arguments, Context>(
  execute: (args: Arguments, context: ToolContext<Context>) => unknown,
): (args: Arguments, context: ToolContext) => unknown {
  return execute as (args: Arguments, context: ToolContext) => unknown;
}
