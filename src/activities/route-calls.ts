/** Where each call of a response goes: to a tool's activity, or back to the model with what is wrong. */
import { createHash } from 'node:crypto';
import type { Agent } from '../agents/define-agent.js';
import type { CallFacts, Foreign, Tool } from '../agents/tool.js';
import type { JsonObject, JsonValue } from '../events/json.js';
import type { CallRejection, ForeignCall, InputNeed, RoutedCall } from '../events/routed-call.js';
import type { ToolCall } from '../events/turn-event.js';
import { fail } from '../protocol/failures.js';
import { idempotencyKey } from '../protocol/idempotency-key.js';
import { canTellErrors } from '../protocol/output-item.js';
import type { SynthesizedCall } from '../synthesizer/index.js';

/** A memo of rejected calls stays small: the model needs no more to correct itself. */
const MESSAGE_LENGTH = 1000;

/** A call as the model wrote it, to the end or not. */
type WrittenCall = ToolCall & Partial<SynthesizedCall>;

/** Whose calls they are. */
export interface Routing {
  readonly turnId: string;
  readonly responseId: string;
  readonly context: JsonValue | undefined;
}

/**
 * @throws ApplicationFailure of type UnsupportedCall: a click or a search that no tool runs, and of which the
 * API has no way to say so; InvalidAgent: `args` of a tool threw.
 */
export async function routeCalls(
  agent: Agent,
  calls: readonly WrittenCall[],
  routing: Routing,
): Promise<readonly RoutedCall[]> {
  return Promise.all(calls.map((call, index) => routeCall(agent, call, index, routing)));
}

async function routeCall(
  agent: Agent,
  written: WrittenCall,
  index: number,
  routing: Routing,
): Promise<RoutedCall> {
  const { call_id, tool_type, tool_name, arguments: text, arguments_complete = true } = written;
  const repeated = repeatedOf(written);
  const call = { call_id, tool_type, tool_name, arguments: text, ...(repeated ? { repeated } : {}) };
  const tool = agent.tools.find(({ name, toolType }) => toolType === tool_type && name === tool_name);
  if (!tool) return { ...call, rejection: unknownTool(agent, written) };
  const parsed = arguments_complete ? await tool.parse(text) : CUT_OFF;
  if ('problem' in parsed) {
    if (!canTellErrors(tool_type)) throw unanswerable(agent, written, parsed.problem);
    return { ...call, rejection: invalidArguments(tool, parsed.problem) };
  }
  const { turnId, responseId, context } = routing;
  const facts = {
    turnId,
    callId: call_id,
    context,
    idempotencyKey: idempotencyKey(turnId, responseId, index),
  };
  const input = inputNeed(tool, parsed.value, written);
  return {
    ...call,
    ...(tool.execute || tool.foreign ? { activity: tool.activityName, options: tool.activityOptions } : {}),
    ...(tool.foreign ? { foreign: foreignCall(tool, tool.foreign, parsed.value, facts) } : {}),
    ...(input ? { input } : {}),
    ...(tool.failsTurn || !canTellErrors(tool_type) ? { fails_turn: true } : {}),
  };
}

function foreignCall(tool: Tool, foreign: Foreign, value: unknown, facts: CallFacts): ForeignCall {
  try {
    const args = JSON.parse(JSON.stringify(foreign.args(value, facts))) as readonly JsonValue[];
    return { kind: foreign.kind, args, max_output_bytes: tool.maxOutputBytes };
  } catch (thrown) {
    throw fail('InvalidAgent', { message: `args of the tool ${tool.name} threw: ${String(thrown)}` });
  }
}

/** What the item that answers the call has to repeat. */
export function repeatedOf({
  tool_type,
  caller,
  safety_checks,
  arguments: text,
}: Pick<WrittenCall, 'tool_type' | 'caller' | 'safety_checks' | 'arguments'>): JsonObject | undefined {
  const { max_output_length } = tool_type === 'shell' ? membersOf(text) : {};
  const repeated = {
    ...(caller === undefined ? {} : { caller }),
    // The turn asks for an approval of the call first.
    ...(safety_checks === undefined ? {} : { acknowledged_safety_checks: safety_checks }),
    ...(typeof max_output_length === 'number' ? { max_output_length } : {}),
  };
  return Object.keys(repeated).length > 0 ? repeated : undefined;
}

function membersOf(text: string): Partial<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Partial<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** What parses of half-written arguments may not be what the model meant. */
const CUT_OFF = { problem: 'they are cut off, or are not valid JSON' };

/** What somebody outside is asked before the call goes on. */
function inputNeed(tool: Tool, args: unknown, written: WrittenCall): InputNeed | undefined {
  const { execute, foreign, inputTimeoutMs, onInputTimeout } = tool;
  const external = !execute && !foreign;
  const unsafe = (written.safety_checks ?? []).length > 0;
  if (!external && !unsafe && !tool.needsApproval(args)) return undefined;
  return {
    kind: external ? 'tool_output' : 'approval',
    arguments_hash: hashOfArguments(written.arguments),
    ...(inputTimeoutMs === undefined ? {} : { timeout_ms: inputTimeoutMs }),
    ...(onInputTimeout === 'deny' ? {} : { on_timeout: onInputTimeout }),
  };
}

/** What a decision is bound to. */
export function hashOfArguments(written: string): string {
  return createHash('sha256').update(written).digest('hex');
}

function invalidArguments({ name }: Tool, problem: string): CallRejection {
  const message = `The arguments of ${name} do not fit: ${problem}. Call it again with arguments that fit its schema.`;
  return { code: 'invalid_arguments', message: message.slice(0, MESSAGE_LENGTH) };
}

function unknownTool(agent: Agent, call: WrittenCall): CallRejection {
  const { tool_type, tool_name } = call;
  if (!canTellErrors(tool_type)) throw unanswerable(agent, call, 'no tool runs it');
  const known = agent.tools.map((tool) => tool.name).join(', ') || 'none';
  return {
    code: 'unknown_tool',
    message: `There is no tool named ${tool_name}. Tools: ${known}.`.slice(0, MESSAGE_LENGTH),
  };
}

function unanswerable(agent: Agent, { tool_type, call_id }: WrittenCall, problem: string): Error {
  return fail('UnsupportedCall', {
    message: `The model asked agent ${agent.name} for ${tool_type} (${call_id}), which cannot run: ${problem}`,
  });
}
