/** `builtinTool`: runs what the model asks of OpenAI's own client-side tools: commands, patches, clicks, searches. */
import type {
  ResponseApplyPatchToolCall,
  ResponseComputerToolCall,
  ResponseComputerToolCallOutputScreenshot,
  ResponseFunctionShellCallOutputContent,
  ResponseFunctionShellToolCall,
  ResponseOutputItem,
  Tool as ResponsesTool,
} from 'openai/resources/responses/responses';
import type { JsonObject, JsonValue } from '../events/json.js';
import { ConfigurationError } from './configuration-error.js';
import { checkKnown } from './options.js';
import type { CommonToolOptions, Tool, ToolActivityOptions, ToolContext } from './tool.js';
import {
  ACTIVITY_OPTIONS,
  activitySettings,
  COMMON_OPTIONS,
  commonSettings,
  forgetArguments,
  parseJson,
  wrongTool,
} from './tool-settings.js';

/** What each kind of call holds, and what its output has to be. */
interface Builtins {
  readonly shell: {
    readonly args: Partial<ResponseFunctionShellToolCall.Action> & { readonly commands: readonly string[] };
    /** One entry for each command. A command that fails is no error: say so in its `outcome`. */
    readonly output: readonly ResponseFunctionShellCallOutputContent[];
  };
  readonly local_shell: {
    readonly args: ResponseOutputItem.LocalShellCall['action'];
    readonly output: string;
  };
  readonly apply_patch: {
    readonly args: ResponseApplyPatchToolCall['operation'];
    /** A line for the model, or nothing; throw when the patch does not apply. */
    readonly output: string | undefined | void;
  };
  readonly computer: {
    readonly args:
      | NonNullable<ResponseComputerToolCall['action']>
      | { readonly actions: NonNullable<ResponseComputerToolCall['actions']> };
    readonly output: ResponseComputerToolCallOutputScreenshot;
  };
  readonly tool_search: {
    readonly args: JsonValue;
    /** Declarations of the tools that were found. */
    readonly output: readonly ResponsesTool[];
  };
}

/** Tools of OpenAI that the client runs. */
export type BuiltinToolType = keyof Builtins;

const DECLARATIONS: Readonly<Record<BuiltinToolType, JsonObject>> = {
  shell: { type: 'shell', environment: { type: 'local' } },
  local_shell: { type: 'local_shell' },
  apply_patch: { type: 'apply_patch' },
  computer: { type: 'computer' },
  tool_search: { type: 'tool_search', execution: 'client' },
};

/** Timeouts, retries and their defaults are those of ToolOptions. */
export interface BuiltinToolOptions<Type extends BuiltinToolType>
  extends ToolActivityOptions, CommonToolOptions<Builtins[Type]['args']> {
  /** Runs one call: `args` and what it returns are as OpenAI writes them. */
  readonly execute: (
    args: Builtins[Type]['args'],
    context: ToolContext,
  ) => Builtins[Type]['output'] | Promise<Builtins[Type]['output']>;
  /** More members of the tool in the request, as OpenAI writes them: `{ type: 'computer_use_preview', ... }`. */
  readonly declaration?: JsonObject;
  /** The activity's type. Default: the type. */
  readonly activityName?: string;
}

const KNOWN: Readonly<Record<keyof BuiltinToolOptions<'shell'>, true>> = {
  ...COMMON_OPTIONS,
  ...ACTIVITY_OPTIONS,
  execute: true,
  declaration: true,
  activityName: true,
};

/**
 * Options and defaults are those of `defineTool`. A call of `computer` with pending safety checks asks for an
 * approval first.
 * @throws ConfigurationError when the options cannot be right.
 */
export function builtinTool<Type extends BuiltinToolType>(
  type: Type,
  options: BuiltinToolOptions<Type>,
): Tool {
  const wrong = wrongTool(type);
  if (!Object.hasOwn(DECLARATIONS, type))
    throw new ConfigurationError(
      `builtinTool takes one of ${Object.keys(DECLARATIONS).join(', ')}, not ${type}`,
    );
  checkKnown(options, KNOWN, 'builtinTool', wrong);
  const { execute, declaration, activityName = type } = options;
  if (typeof execute !== 'function') wrong('execute must be a function');
  return Object.freeze({
    name: type,
    toolType: type,
    declaration: { ...DECLARATIONS[type], ...declaration },
    parse: parseJson,
    ...commonSettings(options, wrong),
    activityName,
    activityOptions: activitySettings(options, { heartbeatTimeout: '10s' }, wrong),
    execute: forgetArguments(execute),
    foreign: undefined,
  });
}
