/** The body of a Responses request: the agent, what the turn overrides, and what is new. Pure. */
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';
import { wrongWithRequest } from '../agents/check-request.js';
import type { Agent, HostedTool } from '../agents/define-agent.js';
import type { JsonObject } from '../events/json.js';
import type { InferInput } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import type { TurnOverrides } from '../protocol/turn.js';

/** What a hosted tool keeps back unless it is asked for. */
const INCLUDES: Readonly<Record<string, string>> = {
  file_search: 'file_search_call.results',
  web_search: 'web_search_call.action.sources',
  code_interpreter: 'code_interpreter_call.outputs',
};

export interface RequestState {
  readonly conversation?: string | undefined;
  readonly previous_response_id?: string | undefined;
  /** Stateless agents: everything that was said in the turn before this request. */
  readonly transcript?: readonly JsonObject[] | undefined;
  /** Answers to calls that an earlier turn left open at the server. */
  readonly ahead?: readonly JsonObject[] | undefined;
}

export function requestBody(
  agent: Agent,
  input: InferInput,
  state: RequestState,
): ResponseCreateParamsStreaming {
  const overrides = input.overrides ?? {};
  checkOverrides(agent, overrides);
  const hosted = hostedTools(agent, input);
  const tools = [...agent.tools.map(({ declaration }) => declaration), ...hosted];
  const { tool_choice, include, metadata, ...rest } = { ...agent.request, ...overrides.request };
  const instructions = overrides.instructions ?? instructionsOf(agent, input);
  const format = outputFormat(agent);
  const body = {
    ...rest,
    model: overrides.model ?? agent.model,
    input: inputItems(input, state),
    ...(instructions === undefined ? {} : { instructions }),
    ...(tools.length > 0 ? { tools } : {}),
    ...toolChoice(tool_choice, input.response),
    ...includes(include, hosted, agent),
    ...(agent.parallel === false ? { parallel_tool_calls: false } : {}),
    ...(metadata || input.metadata ? { metadata: { ...membersOf(metadata), ...input.metadata } } : {}),
    ...(format ? { text: { ...membersOf(rest.text), format } } : {}),
    ...(agent.state === 'stateless' && !state.conversation ? { store: false } : {}),
    ...(state.conversation ? { conversation: state.conversation } : {}),
    ...(state.previous_response_id ? { previous_response_id: state.previous_response_id } : {}),
    ...(agent.background ? { background: true } : {}),
    stream: true,
  };
  return asParams(body);
}

function checkOverrides(agent: Agent, { request = {} }: TurnOverrides): void {
  const wrong = wrongWithRequest(request, agent, agent.outputType !== undefined);
  if (wrong) throw fail('InvalidAgent', { message: `The turn's overrides cannot be used: ${wrong}` });
}

function hostedTools(agent: Agent, { overrides }: InferInput): readonly HostedTool[] {
  return overrides?.hosted_tools?.map(hostedTool) ?? agent.hostedTools;
}

/** The server knows which types there are, and it may know newer ones than the openai package. */
function hostedTool(tool: unknown): HostedTool {
  if (isHostedTool(tool)) return tool;
  throw fail('InvalidAgent', {
    message: 'overrides.hosted_tools takes tools that the model server runs, each an object with a type',
  });
}

function isHostedTool(tool: unknown): tool is HostedTool {
  const { type } = Object(tool) as { type?: unknown };
  return typeof type === 'string' && type !== 'function';
}

function membersOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function instructionsOf({ instructions, name }: Agent, { context }: InferInput): string | undefined {
  if (typeof instructions !== 'function') return instructions;
  try {
    return instructions(context);
  } catch (thrown) {
    throw fail('InvalidAgent', {
      message: `instructions(context) of agent ${name} threw: ${String(thrown)}`,
    });
  }
}

function inputItems({ input }: InferInput, { transcript = [], ahead = [] }: RequestState): unknown {
  if (transcript.length + ahead.length === 0) return input;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  return [...transcript, ...ahead, ...items];
}

/** A forced tool call holds for the first response only: else the turn would call tools for ever. */
function toolChoice(choice: unknown, response: number): { tool_choice?: unknown } {
  if (choice === undefined || choice === null) return {};
  if (response === 1 || choice === 'auto' || choice === 'none') return { tool_choice: choice };
  const { type } = Object(choice) as { type?: unknown };
  // Which tools are allowed holds for the whole turn; only that one must be called does not.
  return { tool_choice: type === 'allowed_tools' ? { ...membersOf(choice), mode: 'auto' } : 'auto' };
}

function includes(
  asked: unknown,
  hosted: readonly HostedTool[],
  agent: Agent,
): { include?: readonly string[] } {
  const include = new Set<string>(Array.isArray(asked) ? (asked as readonly string[]) : []);
  for (const { type } of hosted) {
    const needed = INCLUDES[type.replace(/_preview.*$/, '')];
    if (needed) include.add(needed);
  }
  if (agent.state === 'stateless') include.add('reasoning.encrypted_content');
  return include.size > 0 ? { include: [...include] } : {};
}

function outputFormat({ name, outputSchema }: Agent): JsonObject | undefined {
  if (!outputSchema) return undefined;
  return {
    type: 'json_schema',
    name: `${name}_output`.slice(0, 64),
    schema: outputSchema.schema,
    strict: outputSchema.strict,
  };
}

/** The members come from the agent's and the turn's own types; only their merge is too loose for the compiler. */
function asParams(body: object): ResponseCreateParamsStreaming {
  return body as ResponseCreateParamsStreaming;
}
