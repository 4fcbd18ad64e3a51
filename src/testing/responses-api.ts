/** `/v1/responses`: asks the script, then streams, stores and shows what it said. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { ApiError } from './api-error.js';
import type { Conversations } from './conversations.js';
import { deliverStream, deliverWhole } from './deliver.js';
import { jsonBody } from './http.js';
import type { Answer, Call, Route } from './http.js';
import { sinceUser, userTexts } from './input-items.js';
import { begun } from './new-response.js';
import { pageOf } from './page.js';
import { prepare } from './prepare.js';
import type { Prepared } from './prepare.js';
import type { BreakStep, ReplyStep, StatusStep } from './reply-step.js';
import { responseStream } from './response-stream.js';
import type { Script, ScriptRequest, ToolOutput } from './script.js';
import type { SearchHit } from './search.js';
import { outputOf, ResponseStore } from './store.js';
import type { VectorStores } from './vector-stores.js';
import { includeOf, visibleItem } from './visible.js';
import { objectsOf, stringOf, stringsOf, textOf, tokensOf } from './wire.js';
import type { Item } from './wire.js';

export interface ResponsesDeps {
  readonly script: Script;
  readonly conversations: Conversations;
  readonly vectorStores: VectorStores;
  readonly models: readonly string[] | undefined;
  readonly perSecond: number | undefined;
}

export class ResponsesApi {
  readonly #deps: ResponsesDeps;
  readonly #responses = new ResponseStore();
  /** How many requests each turn has made. */
  readonly #turns = new Map<string, number>();
  #requests = 0;

  constructor(deps: ResponsesDeps) {
    this.#deps = deps;
  }

  readonly routes: readonly Route[] = [
    { method: 'POST', path: '/responses', handle: (call) => this.#create(call) },
    { method: 'GET', path: '/responses/:id', handle: (call) => ({ json: this.#retrieve(call) }) },
    { method: 'DELETE', path: '/responses/:id', handle: (call) => ({ json: this.#delete(call) }) },
    {
      method: 'GET',
      path: '/responses/:id/input_items',
      handle: (call) => ({ json: this.#inputItems(call) }),
    },
  ];

  async #create(call: Call): Promise<Answer> {
    const { conversations, models, perSecond } = this.#deps;
    const gone = new AbortController();
    call.response.once('close', () => gone.abort());
    const prepared = prepare(jsonBody(call), { responses: this.#responses, conversations, models });
    const search = this.#searcher(prepared.body['tools']);
    const steps = await this.#ask(prepared, search);
    const refused = steps.find((step) => step.kind === 'status');
    if (refused) throw statusError(refused);
    const response = begun(prepared);
    call.entry.response_id = stringOf(response['id']);
    const delivery = {
      frames: responseStream({
        response,
        steps,
        prompt: prepared.prompt,
        include: prepared.include,
        inputTokens: tokensOf(JSON.stringify(prepared.context) + textOf(prepared.body['instructions'])),
        search,
      }),
      response: call.response,
      entry: call.entry,
      changed: () => call.changed(),
      gone: gone.signal,
      breakAfter: steps.find((step): step is BreakStep => 'afterEvents' in step),
      perSecond,
      commit: (finished: JsonObject) => {
        call.entry.response_id = stringOf(finished['id']);
        this.#commit(prepared, finished);
      },
    };
    if (!prepared.stream) {
      const whole = await deliverWhole(delivery);
      return whole ? { json: whole } : 'written';
    }
    await deliverStream(delivery);
    return 'written';
  }

  async #ask(prepared: Prepared, search: ScriptRequest['search']): Promise<readonly ReplyStep[]> {
    const turn = JSON.stringify([prepared.thread, userTexts(prepared.context)]);
    const turnRequest = (this.#turns.get(turn) ?? 0) + 1;
    this.#turns.set(turn, turnRequest);
    const found = await this.#deps.script({
      n: ++this.#requests,
      body: prepared.body,
      input: prepared.context,
      prompt: prepared.prompt,
      outputs: outputsOf(prepared.context),
      turnRequest,
      search,
    });
    // 400, so that no client asks again: a test whose script is too short fails at once.
    if (found === undefined)
      throw new ApiError(
        400,
        `The script has no answer for request ${this.#requests}: "${prepared.prompt}".`,
        {
          code: 'no_scripted_answer',
        },
      );
    return 'kind' in found ? [found] : found;
  }

  #searcher(tools: JsonValue | undefined): (query: string) => SearchHit[] {
    const tool = objectsOf(tools).find(({ type }) => type === 'file_search');
    if (!tool) return () => [];
    const ids = stringsOf(tool['vector_store_ids']);
    this.#deps.vectorStores.check(ids);
    return (query) => this.#deps.vectorStores.search(ids, query, tool);
  }

  /** Keeps a finished response and adds its items to its conversation; a failed one leaves no items behind. */
  #commit(prepared: Prepared, finished: JsonObject): void {
    const { input, context, thread, conversation } = prepared;
    if (prepared.store) this.#responses.put({ response: finished, input, context, thread });
    if (conversation !== undefined && finished['status'] !== 'failed')
      this.#deps.conversations.append(conversation, [...input, ...outputOf(finished)]);
  }

  #retrieve(call: Call): JsonObject {
    const { response } = this.#responses.get(call.params['id'] ?? '');
    const include = includeOf(call.query);
    return { ...response, output: outputOf(response).map((item) => visibleItem(item, include)) };
  }

  #delete(call: Call): JsonObject {
    const id = call.params['id'] ?? '';
    this.#responses.delete(id);
    return { id, object: 'response', deleted: true };
  }

  #inputItems(call: Call): JsonObject {
    return pageOf(this.#responses.get(call.params['id'] ?? '').input, call.query);
  }
}

/** Each with the name of the call that it answers. */
function outputsOf(context: readonly Item[]): ToolOutput[] {
  const calls = context.filter((item) => item['name'] !== undefined);
  const names = new Map(calls.map((item) => [item['call_id'], stringOf(item['name'])]));
  return sinceUser(context)
    .filter((item) => item.type === 'function_call_output' || item.type === 'custom_tool_call_output')
    .map((item) => ({
      call_id: stringOf(item['call_id']) ?? '',
      name: names.get(item['call_id']) ?? 'tool',
      output: textOf(item['output']),
    }));
}

function statusError(step: StatusStep): ApiError {
  const { status, message, code, retryAfter } = step;
  const headers: Record<string, string> =
    retryAfter === undefined
      ? {}
      : {
          'retry-after': String(Math.ceil(retryAfter)),
          'retry-after-ms': String(Math.round(retryAfter * 1000)),
        };
  return new ApiError(status, message, { code, headers });
}
