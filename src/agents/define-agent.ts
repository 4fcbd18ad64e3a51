/** `defineAgent`: model + instructions + tools + settings, under a name that turns are started with. */
import type { ResponseCreateParamsBase, Tool as ResponsesTool } from 'openai/resources/responses/responses';
import type { ModelClient } from './model-client.js';
import type { JsonValue } from '../events/json.js';
import type { PublishingMode, TurnLimits } from '../protocol/turn.js';
import { hashOf } from './agent-hash.js';
import { checkSettings } from './agent-settings.js';
import { wrongWithRequest } from './check-request.js';
import type { OwnedParameter } from './check-request.js';
import { ConfigurationError } from './configuration-error.js';
import { checkKnown, checkList, checkOneOf, orWrong } from './options.js';
import type { Wrong } from './options.js';
import { jsonSchemaOf } from './schema.js';
import { mayRunInBackground } from './server-capabilities.js';
import type { ModelServer, ServerCapabilities } from './server-capabilities.js';
import type { JsonSchema, Schema } from './schema.js';
import type { Tool } from './tool.js';

/** Every other Responses parameter, as OpenAI names it. */
export type AgentRequest = Omit<ResponseCreateParamsBase, OwnedParameter>;

/** A tool that the model server runs, as OpenAI writes it: `{ type: 'file_search', vector_store_ids: [...] }`. */
export type HostedTool = Exclude<ResponsesTool, { type: 'function' }>;

/**
 * How the model comes to know what was said before:
 * `previous_response`: by the id of the response before (the server stores it; safe to ask again);
 * `conversation`: by a conversation of the Conversations API, made for the turn if it is given none;
 * `stateless`: everything is sent each time, nothing is stored at the server.
 * A turn that is given a conversation always uses `conversation`.
 */
export type AgentState = 'previous_response' | 'conversation' | 'stateless';

/** What an agent is; all but `name` and `model` may be left out. */
export interface AgentOptions {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`. */
  readonly name: string;
  /** As the server names it: `gpt-5-mini`. */
  readonly model: string;
  /** A text, or a function of the turn's `context`, asked before each response. Default: none. */
  readonly instructions?: string | ((context: JsonValue | undefined) => string);
  /** Tools of yours, and hosted tools as OpenAI writes them. Default: none. */
  readonly tools?: readonly (Tool | HostedTool)[];
  /** Every other parameter of the Responses API: `{ temperature: 0, reasoning: { effort: 'low' } }`. */
  readonly request?: AgentRequest;
  /** Default `previous_response`. */
  readonly state?: AgentState;
  /**
   * The server makes the answer in the background: it outlives the connection and the worker, so that an attempt
   * that is lost is gone on with, and not asked for again. The server must store responses. Default false.
   */
  readonly background?: boolean;
  /** The final answer is JSON of this schema; the result carries it parsed, as `final_output`. */
  readonly outputType?: Schema;
  /** false: the model is asked for one call at a time, and calls run one after another. Default true. */
  readonly parallel?: boolean;
  /** For turns that say none of their own. Default: 1000 responses, and no limit else. */
  readonly limits?: TurnLimits;
  /** What watchers see while a step runs, and how often. */
  readonly publishing?: Publishing;
  /** Attempts and timeouts of one response. */
  readonly inference?: InferenceOptions;
  /** A turn that began with another definition of this agent goes on with it (default), or fails. */
  readonly onAgentChange?: 'continue' | 'fail';
  /**
   * The kind of server, where its address does not tell it (`"vllm"` at localhost, say), or single flags of
   * what it can do. Default: told by the client's base URL, else as OpenAI.
   */
  readonly server?: ModelServer | Partial<ServerCapabilities>;
  /** A client of its own, for another server than the plugin's. */
  readonly openai?: ModelClient;
}

/** What watchers see while a step runs: a turn's `publishing` goes before it, member by member. */
export interface Publishing {
  /** Default `live`. `off`: nothing before the activity ends, or an attempt of it fails. */
  readonly mode?: PublishingMode;
  /** Least time between two signals of one activity, in milliseconds, at least 20. Default 100. */
  readonly minInterval?: number;
  /** Greatest time between two signals of one activity, in milliseconds, at least 20. Default 1000. */
  readonly maxInterval?: number;
}

/** Attempts and timeouts of one response. */
export interface InferenceOptions {
  /** Tries of one response before the turn fails. Default 10. */
  readonly maximumAttempts?: number;
  /** Milliseconds without a stream event after which an attempt is given up. Default 10 minutes. */
  readonly idleTimeout?: number;
  /** Milliseconds that one attempt may take. Default 1 hour. */
  readonly timeout?: number;
  /**
   * Milliseconds after which an attempt without a sign of life counts as lost: how soon a dead worker is noticed.
   * At least 1000; default 10 seconds. It is part of the workflow bundle: give the plugin to whoever builds one.
   */
  readonly heartbeatTimeout?: number;
}

/** An agent as the plugin takes it. Made by `defineAgent` only. */
export interface Agent extends Omit<AgentOptions, 'tools'> {
  readonly kind: 'durable-turns/agent';
  readonly state: AgentState;
  readonly tools: readonly Tool[];
  readonly hostedTools: readonly HostedTool[];
  readonly outputSchema: JsonSchema | undefined;
  /** Of everything that the model is told; changes when the definition does. */
  readonly hash: string;
}

const KNOWN: Readonly<Record<keyof AgentOptions, true>> = {
  name: true,
  model: true,
  instructions: true,
  tools: true,
  request: true,
  state: true,
  background: true,
  outputType: true,
  parallel: true,
  limits: true,
  publishing: true,
  inference: true,
  onAgentChange: true,
  openai: true,
  server: true,
};

/** @throws ConfigurationError when the options contradict each other or cannot be right. */
export function defineAgent(options: AgentOptions): Agent {
  const wrong: Wrong = (message) => {
    throw new ConfigurationError(`agent ${JSON.stringify(options?.name)}: ${message}`);
  };
  if (!options) wrong('defineAgent takes options: { name, model, ... }');
  const { tools = [], state = 'previous_response', ...rest } = options;
  checkOptions(options, state, wrong);
  const ours = tools.filter(isOurTool);
  const hostedTools = tools.filter((tool): tool is HostedTool => !isOurTool(tool));
  checkTools(ours, hostedTools, wrong);
  const outputSchema = options.outputType && outputSchemaOf(options.outputType, wrong);
  const agent = { ...rest, state, tools: ours, hostedTools, outputSchema } as const;
  return Object.freeze({ ...agent, kind: 'durable-turns/agent', hash: hashOf(agent) });
}

function checkOptions(options: AgentOptions, state: AgentState, wrong: Wrong): void {
  const { name, model, instructions, request = {}, outputType, parallel, openai, tools } = options;
  checkKnown(options, KNOWN, 'defineAgent', (message) =>
    wrong(`${message}; parameters of the Responses API go into request`),
  );
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) wrong('a name has 1 to 64 of a-z A-Z 0-9 _ -');
  if (typeof model !== 'string' || model === '') wrong('model must name a model');
  if (instructions !== undefined && !['string', 'function'].includes(typeof instructions))
    wrong('instructions must be a text or a function that returns one');
  checkList('tools', tools, wrong);
  if (!['previous_response', 'conversation', 'stateless'].includes(state)) wrong(`state ${state} is unknown`);
  if (parallel !== undefined && typeof parallel !== 'boolean') wrong('parallel must be true or false');
  checkOneOf('onAgentChange', options.onAgentChange, ['continue', 'fail'], wrong);
  // Without this the turn would find out.
  if (openai !== undefined && !('responses' in Object(openai)))
    wrong('openai must be a client: new OpenAI({ baseURL, apiKey })');
  checkSettings(options, wrong);
  const { background = false } = options;
  if (typeof background !== 'boolean') wrong('background must be true or false');
  if (background && state === 'stateless')
    wrong('a response in the background has to be stored: state "stateless" stores nothing');
  if (background && !mayRunInBackground(options.server))
    wrong('its server runs no responses in the background');
  const wrongRequest = wrongWithRequest({ ...request }, { state, background }, outputType !== undefined);
  if (wrongRequest) wrong(wrongRequest);
}

function outputSchemaOf(outputType: Schema, wrong: Wrong): JsonSchema {
  if (!Object(outputType)['~standard'])
    wrong('outputType must be a Standard Schema, such as z.object({...})');
  return (
    orWrong(wrong, 'outputType', () => jsonSchemaOf(outputType)) ??
    wrong('outputType gives no JSON Schema; with zod use version 4.2 or later')
  );
}

function checkTools(ours: readonly Tool[], hosted: readonly HostedTool[], wrong: Wrong): void {
  const names = ours.map((tool) => tool.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) wrong(`two tools are named ${twice}`);
  for (const tool of hosted) {
    if (typeof tool?.type !== 'string')
      wrong('a tool is neither made by defineTool nor a hosted tool with a type');
    if ((tool.type as string) === 'function')
      wrong('a function must be made by defineTool: nobody would run it');
  }
}

function isOurTool(tool: Tool | HostedTool): tool is Tool {
  return typeof tool === 'object' && tool !== null && 'kind' in tool && tool.kind === 'durable-turns/tool';
}
