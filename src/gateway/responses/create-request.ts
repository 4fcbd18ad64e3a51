/** The body of `POST /v1/responses` → what a turn is started with. Pure. */
import type { JsonObject, JsonValue } from '../../events/json.js';
import { checkTurnInput } from '../../protocol/check-turn-input.js';
import type { TurnInput } from '../../protocol/turn.js';
import { SESSION_ID_PATTERN } from '../openapi/session-schemas.js';
import { wrongParameter } from './parameter-types.js';
import { ECHOED } from './request-echo.js';
import { withoutWhatOnlyWeKnow } from './said-before.js';

type Body = Readonly<Record<string, JsonValue>>;

/** A request that cannot be served, as the API says it: with the parameter and a code. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
  readonly param: string | null;
  readonly code: string;
  readonly status: 400 | 404 | 405 | 409;

  constructor(message: string, param: string | null, code: string, status: 400 | 404 | 405 | 409 = 400) {
    super(message);
    this.param = param;
    this.code = code;
    this.status = status;
  }
}

export interface CreateRequest {
  readonly input: TurnInput;
  readonly previousResponseId?: string;
  /** The session. */
  readonly conversation?: string;
  readonly stream: boolean;
  readonly background: boolean;
  /** `include: ["durable_turns.events"]`. */
  readonly turnEvents: boolean;
}

/** Asks for the turn's own events in the stream. */
export const INCLUDE_TURN_EVENTS = 'durable_turns.events';

const OURS = [
  'model',
  'input',
  'instructions',
  'tools',
  'metadata',
  'previous_response_id',
  'conversation',
  'stream',
  'stream_options',
  'background',
  'store',
  'include',
];
/** Of the request to the model, what the caller may say for this turn. */
const PASSED_ON: readonly string[] = [
  ...Object.keys(ECHOED),
  'prompt_cache_options',
  'prompt_cache_retention',
];
const KNOWN: ReadonlySet<string> = new Set([...OURS, ...PASSED_ON]);

/** Those that the gateway's own API takes: what it refuses could be begun here, and be reached nowhere. */
const SESSION_ID = new RegExp(`^(?=.{1,200}$)${SESSION_ID_PATTERN.slice(1)}`, 'u');

/** Tools that a client would have to run: a durable turn runs its tools itself. */
const CLIENT_TOOLS: ReadonlySet<unknown> = new Set([
  'function',
  'custom',
  'local_shell',
  'apply_patch',
  'computer_use_preview',
]);

/** @throws InvalidRequestError that names the first parameter that is wrong. */
export function createRequest(value: unknown): CreateRequest {
  const body = withoutNulls(value);
  const unknown = Object.keys(body).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) refuse(`Unknown parameter: '${unknown}'.`, unknown, 'unknown_parameter');
  const wrong = wrongParameter(body);
  if (wrong) refuse(`${wrong.name} must be ${wrong.words}.`, wrong.name, 'invalid_type');
  refuseWhatATurnCannot(body);
  const { model, input, metadata, stream, background } = body;
  const overrides = overridesIn(body);
  const conversation = conversationIn(body['conversation']);
  const { previous_response_id: previousResponseId } = body;
  if (conversation !== undefined && previousResponseId !== undefined) {
    const message = 'conversation excludes previous_response_id: a conversation knows what came before.';
    refuse(message, 'previous_response_id', 'mutually_exclusive_parameters');
  }
  return {
    input: checked({
      agent: model ?? refuse("Missing required parameter: 'model'.", 'model', 'missing_required_parameter'),
      input: withoutWhatOnlyWeKnow(
        input ?? refuse("Missing required parameter: 'input'.", 'input', 'missing_required_parameter'),
      ),
      ...(overrides ? { overrides } : {}),
      ...(metadata === undefined ? {} : { metadata }),
    }),
    ...(typeof previousResponseId === 'string' ? { previousResponseId } : {}),
    ...(conversation === undefined ? {} : { conversation }),
    stream: stream === true,
    background: background === true,
    turnEvents: includesTurnEvents(body['include']),
  };
}

/** `include` of a request or a query: what is unknown stands for parts of the answer that we do not have. */
export function includesTurnEvents(include: unknown): boolean {
  return Array.isArray(include) && include.includes(INCLUDE_TURN_EVENTS);
}

function refuseWhatATurnCannot({ store, tools }: Body): void {
  if (store === false) {
    const message =
      'A durable turn is always stored: leave out store, and delete the response when it is done.';
    refuse(message, 'store', 'unsupported_value');
  }
  if (!Array.isArray(tools)) return;
  const index = tools.findIndex((tool) => CLIENT_TOOLS.has((Object(tool) as { type?: unknown }).type));
  if (index === -1) return;
  const message =
    'The tools that an agent calls run beside it: define them there, and send hosted tools only.';
  refuse(message, `tools[${index}]`, 'unsupported_value');
}

/** Hosted tools replace those of the agent; other parameters are merged over its `request`. */
function overridesIn(body: Body): JsonObject | undefined {
  const request = Object.fromEntries(Object.entries(body).filter(([name]) => PASSED_ON.includes(name)));
  const { instructions, tools } = body;
  const overrides = {
    ...(instructions === undefined ? {} : { instructions }),
    ...(tools === undefined ? {} : { hosted_tools: tools }),
    ...(Object.keys(request).length === 0 ? {} : { request }),
  };
  return Object.keys(overrides).length === 0 ? undefined : overrides;
}

function checked(input: JsonObject): TurnInput {
  try {
    return checkTurnInput(input);
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure);
    // Turns speak of the agent where the API speaks of the model.
    const param = /^(\w+)/.exec(message)?.[1] ?? null;
    return refuse(message, param === 'agent' ? 'model' : param, 'invalid_value');
  }
}

function conversationIn(value: JsonValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  if (typeof id !== 'string') {
    refuse('conversation must be an id, or an object with an id.', 'conversation', 'invalid_type');
  }
  if (SESSION_ID.test(id)) return id;
  const message = 'conversation must have 1 to 200 characters, not spaces alone, and none that controls.';
  return refuse(message, 'conversation', 'invalid_value');
}

/** The API takes null for what is not said. */
function withoutNulls(value: unknown): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse('The body must be a JSON object.', null, 'invalid_type');
  }
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

function refuse(message: string, param: string | null, code: string): never {
  throw new InvalidRequestError(message, param, code);
}
