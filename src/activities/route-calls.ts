/** Where each call of a response goes: to a tool's activity, or back to the model with what is wrong. */
import { createHash } from 'node:crypto';
import type { Agent } from '../agents/define-agent.js';
import type { Tool } from '../agents/define-tool.js';
import { validate } from '../agents/schema.js';
import type { CallRejection, InputNeed, RoutedCall } from '../events/routed-call.js';
import type { ToolCall } from '../events/turn-event.js';
import { fail } from '../protocol/failures.js';

/** A memo of rejected calls stays small: the model needs no more to correct itself. */
const MESSAGE_LENGTH = 1000;

/** A call as the model wrote it, to the end or not. */
interface WrittenCall extends ToolCall {
  /** false: the arguments are cut off. */
  readonly arguments_complete?: boolean;
}

/** Calls that can be answered in words, so that the model can be told what is wrong. */
const ANSWERED_IN_WORDS: ReadonlySet<string> = new Set(['function', 'custom']);

/** @throws ApplicationFailure of type UnsupportedCall: a shell, a patch or a click that no tool runs. */
export async function routeCalls(
  agent: Agent,
  calls: readonly WrittenCall[],
): Promise<readonly RoutedCall[]> {
  const unsupported = calls.find(({ tool_type }) => !ANSWERED_IN_WORDS.has(tool_type));
  if (unsupported) {
    const { tool_type, call_id } = unsupported;
    const message = `The model asked for ${tool_type} (${call_id}), which no tool of agent ${agent.name} runs`;
    throw fail('UnsupportedCall', { message });
  }
  return Promise.all(calls.map((call) => routeCall(agent, call)));
}

async function routeCall(
  agent: Agent,
  { call_id, tool_type, tool_name, arguments: written, arguments_complete = true }: WrittenCall,
): Promise<RoutedCall> {
  const call = { call_id, tool_type, tool_name, arguments: written };
  const tool = tool_type === 'function' ? agent.tools.find(({ name }) => name === tool_name) : undefined;
  if (!tool) return { ...call, rejection: unknownTool(agent, tool_name) };
  const parsed = arguments_complete ? await parseArguments(tool, written) : CUT_OFF;
  if ('problem' in parsed) return { ...call, rejection: invalidArguments(tool, parsed.problem) };
  const input = inputNeed(tool, parsed.value, written);
  return {
    ...call,
    ...(tool.execute ? { activity: tool.activityName, options: tool.activityOptions } : {}),
    ...(input ? { input } : {}),
    ...(tool.failsTurn ? { fails_turn: true } : {}),
  };
}

/** What parses of half-written arguments may not be what the model meant. */
const CUT_OFF = { problem: 'they are cut off, or are not valid JSON' };

/** What somebody outside is asked before the call goes on. */
function inputNeed(tool: Tool, args: unknown, written: string): InputNeed | undefined {
  const { execute, inputTimeoutMs, onInputTimeout } = tool;
  if (execute && !tool.needsApproval(args)) return undefined;
  return {
    kind: execute ? 'approval' : 'tool_output',
    arguments_hash: hashOfArguments(written),
    ...(inputTimeoutMs === undefined ? {} : { timeout_ms: inputTimeoutMs }),
    ...(onInputTimeout === 'deny' ? {} : { on_timeout: onInputTimeout }),
  };
}

/** What a decision is bound to. */
export function hashOfArguments(written: string): string {
  return createHash('sha256').update(written).digest('hex');
}

/** The arguments as `execute` is given them, or what is wrong with them. */
export async function parseArguments(
  tool: Tool,
  written: string,
): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  let json: unknown;
  try {
    // No arguments at all is how some servers write the empty object.
    json = JSON.parse(written.trim() === '' ? '{}' : written);
  } catch {
    return { problem: 'they are not valid JSON' };
  }
  return validate(tool.parameters, json);
}

function invalidArguments({ name }: Tool, problem: string): CallRejection {
  const message = `The arguments of ${name} do not fit: ${problem}. Call it again with arguments that fit its schema.`;
  return { code: 'invalid_arguments', message: message.slice(0, MESSAGE_LENGTH) };
}

function unknownTool(agent: Agent, name: string): CallRejection {
  const known = agent.tools.map((tool) => tool.name).join(', ') || 'none';
  return {
    code: 'unknown_tool',
    message: `There is no tool named ${name}. Tools: ${known}.`.slice(0, MESSAGE_LENGTH),
  };
}
