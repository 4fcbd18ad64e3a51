/** Reads a `POST /v1/responses` as the real API does: what the model will see, or why it is refused. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { ApiError, badRequest } from './api-error.js';
import { checkCallPairs } from './call-pairs.js';
import type { Conversations } from './conversations.js';
import type { Dialect } from './dialects/dialect.js';
import { itemsOfInput, userTexts } from './input-items.js';
import { outputOf } from './store.js';
import type { ResponseStore } from './store.js';
import { isObject, objectsOf, stringOf, stringsOf } from './wire.js';
import type { Item } from './wire.js';

export interface Prepared {
  readonly body: JsonObject;
  readonly model: string;
  /** The request's own items. */
  readonly input: readonly Item[];
  /** All that the model sees, `input` last. */
  readonly context: readonly Item[];
  readonly prompt: string;
  readonly include: readonly string[];
  readonly conversation: string | undefined;
  readonly previousId: string | undefined;
  readonly thread: string;
  readonly store: boolean;
  readonly stream: boolean;
  readonly background: boolean;
}

export interface PrepareDeps {
  readonly responses: ResponseStore;
  readonly conversations: Conversations;
  /** Undefined: every model is known. */
  readonly models: readonly string[] | undefined;
  readonly dialect: Dialect;
}

export function prepare(body: JsonObject, deps: PrepareDeps): Prepared {
  const model = checkModel(body['model'], deps.models);
  checkTools(body['tools']);
  if (body['input'] === undefined || body['input'] === null) throw missing('input');
  const { dialect } = deps;
  const stream = body['stream'] === true;
  const store = dialect.store && body['store'] !== false;
  const background = body['background'] === true && runsInBackground(dialect, stream, store);
  const conversation = dialect.conversations === 'kept' ? conversationOf(body['conversation']) : undefined;
  const previousId = dialect.previousResponse === 'kept' ? stringOf(body['previous_response_id']) : undefined;
  if (conversation !== undefined && previousId !== undefined)
    throw badRequest(
      "Mutually exclusive parameters: ['conversation', 'previous_response_id'].",
      'previous_response_id',
      'mutually_exclusive_parameters',
    );
  const input = itemsOfInput(body['input'], (id) => deps.responses.findItem(id));
  const before =
    conversation === undefined
      ? chainBefore(previousId, deps)
      : { items: deps.conversations.contextOf(conversation), thread: conversation };
  const context = [...before.items, ...input];
  checkCallPairs(context);
  if (dialect.inputOrder === 'outputs_last') checkOutputsAlone(input);
  const said = userTexts(context);
  return {
    body,
    model,
    input,
    context,
    prompt: said.at(-1) ?? '',
    include: [
      ...stringsOf(body['include']),
      ...(dialect.searchResults === 'always' ? ['file_search_call.results'] : []),
    ],
    conversation,
    previousId,
    thread: before.thread ?? `input:${said[0] ?? ''}`,
    store,
    stream,
    background,
  };
}

/** The model behind such a server wants the outputs of a call right after it. */
function checkOutputsAlone(input: readonly Item[]): void {
  const calls = new Set(input.flatMap((item) => (item.type === 'function_call' ? item['call_id'] : [])));
  const late = input.find((item) => item.type === 'function_call_output' && !calls.has(item['call_id']));
  if (late && input.some((item) => item.type === 'message'))
    throw badRequest(
      `An assistant message with 'tool_calls' must be followed by tool messages: ${String(late['call_id'])} came late.`,
      'input',
    );
}

/** Whether to; throws where that is refused. The sentences are not those of any server. */
function runsInBackground({ background }: Dialect, stream: boolean, store: boolean): boolean {
  if (background === 'ignored') return false;
  if (background === 'refused')
    throw badRequest('This server does not run responses in the background.', 'background');
  if (background === 'poll' && stream)
    throw badRequest('A response in the background cannot be streamed: poll it.', 'stream');
  if (!store) throw badRequest("A response in the background needs 'store'.", 'store');
  return true;
}

function chainBefore(
  previousId: string | undefined,
  { responses, dialect }: PrepareDeps,
): { readonly items: readonly Item[]; readonly thread: string | undefined } {
  if (previousId === undefined) return { items: [], thread: undefined };
  const previous = responses.find(previousId);
  if (!previous)
    throw new ApiError(
      dialect.unknownPreviousStatus,
      `Previous response with id '${previousId}' not found.`,
      { param: 'previous_response_id', code: 'previous_response_not_found' },
    );
  const status = stringOf(previous.response['status']) ?? '';
  // OGX refuses it so; of OpenAI it is a guess.
  if (status === 'queued' || status === 'in_progress')
    throw badRequest(`Previous response with id '${previousId}' is still ${status}.`, 'previous_response_id');
  return { items: [...previous.context, ...outputOf(previous.response)], thread: previous.thread };
}

function checkModel(value: JsonValue | undefined, models: readonly string[] | undefined): string {
  const model = stringOf(value);
  if (model === undefined) throw missing('model');
  if (models !== undefined && !models.includes(model))
    throw badRequest(`The requested model '${model}' does not exist.`, 'model', 'model_not_found');
  return model;
}

function checkTools(tools: JsonValue | undefined): void {
  for (const [index, tool] of objectsOf(tools).entries()) {
    const param = `tools[${index}]`;
    if (tool['type'] === undefined) throw missing(`${param}.type`);
    if (tool['type'] === 'function' && stringOf(tool['name']) === undefined) throw missing(`${param}.name`);
  }
}

function conversationOf(value: JsonValue | undefined): string | undefined {
  return stringOf(isObject(value) ? value['id'] : value);
}

function missing(param: string): Error {
  return badRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}
