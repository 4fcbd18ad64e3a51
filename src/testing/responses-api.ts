/** `/v1/responses`: asks the script, then streams, stores and shows what it said. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { badRequest } from './api-error.js';
import { BackgroundRun } from './background-run.js';
import type { Conversations } from './conversations.js';
import { deliverJson, deliverStream, deliverWhole } from './deliver.js';
import type { Delivery } from './deliver.js';
import type { Dialect } from './dialects/dialect.js';
import { happensHere, isFault } from './fault-step.js';
import type { Frame } from './frame.js';
import { jsonBody } from './http.js';
import type { Answer, Call, Route } from './http.js';
import { begun } from './new-response.js';
import { pageOf } from './page.js';
import { prepare } from './prepare.js';
import type { Prepared } from './prepare.js';
import { paced } from './pace.js';
import type { ReplyStep } from './reply-step.js';
import { answerRefusal, statusError } from './refusal.js';
import { responseStream } from './response-stream.js';
import { ScriptPlayer } from './script-player.js';
import type { Answered } from './script-player.js';
import type { Script } from './script.js';
import type { SearchHit } from './search.js';
import { outputOf, ResponseStore } from './store.js';
import type { VectorStores } from './vector-stores.js';
import { includeOf, visibleItem } from './visible.js';
import { numberOf, objectOf, objectsOf, stringOf, stringsOf, textOf, tokensOf } from './wire.js';

export interface ResponsesDeps {
  readonly script: Script;
  readonly conversations: Conversations;
  readonly vectorStores: VectorStores;
  readonly models: readonly string[] | undefined;
  readonly perSecond: number | undefined;
  readonly dialect: Dialect;
  /** How long a response in the background can be streamed, in milliseconds. */
  readonly streamableMs: number;
}

export class ResponsesApi {
  readonly #deps: ResponsesDeps;
  readonly #responses = new ResponseStore();
  readonly #player: ScriptPlayer;

  constructor(deps: ResponsesDeps) {
    this.#deps = deps;
    this.#player = new ScriptPlayer(deps.script);
  }

  readonly routes: readonly Route[] = [
    { method: 'POST', path: '/responses', handle: (call) => this.#create(call) },
    { method: 'GET', path: '/responses/:id', handle: (call) => this.#retrieve(call) },
    { method: 'DELETE', path: '/responses/:id', handle: (call) => ({ json: this.#delete(call) }) },
    { method: 'POST', path: '/responses/:id/cancel', handle: (call) => ({ json: this.#cancel(call) }) },
    {
      method: 'GET',
      path: '/responses/:id/input_items',
      handle: (call) => ({ json: this.#inputItems(call) }),
    },
  ];

  /** Ends what runs in the background. */
  stop(): void {
    this.#responses.stop();
  }

  async #create(call: Call): Promise<Answer> {
    const { conversations, models, dialect } = this.#deps;
    const body = jsonBody(call);
    let release = (): void => undefined;
    try {
      const prepared = prepare(body, { responses: this.#responses, conversations, models, dialect });
      const search = this.#searcher(prepared.body['tools']);
      if (prepared.conversation !== undefined) release = conversations.hold(prepared.conversation);
      const answered = await this.#player.ask(prepared, search);
      const refused = answered.steps.find((step) => step.kind === 'status');
      if (refused) throw statusError(refused);
      const response = { ...begun(prepared), ...recordedId(answered.steps) };
      call.entry.response_id = stringOf(response['id']);
      const frames = responseStream({
        response,
        steps: answered.steps,
        prompt: prepared.prompt,
        include: prepared.include,
        inputTokens: tokensOf(JSON.stringify(prepared.context) + textOf(prepared.body['instructions'])),
        dialect,
        search,
      });
      if (!prepared.background) return await this.#foreground(call, prepared, answered, frames);
      const letGo = release;
      release = () => undefined;
      return await this.#background(call, prepared, answered, { response, frames, letGo });
    } catch (error) {
      return await answerRefusal(call, body, error, dialect);
    } finally {
      release();
    }
  }

  async #foreground(
    call: Call,
    prepared: Prepared,
    answered: Answered,
    frames: Iterable<Frame>,
  ): Promise<Answer> {
    const gone = goneOf(call);
    const commit = (finished: JsonObject): void => {
      call.entry.response_id = stringOf(finished['id']);
      this.#commit(prepared, finished);
    };
    const delivery: Delivery = {
      ...this.#toClient(call, gone),
      frames: paced(frames, this.#deps.perSecond, gone),
      faults: countedFaults(answered),
      commit,
      commitRest: () => {
        for (const frame of frames) if ('finished' in frame && frame.finished) commit(frame.finished);
      },
    };
    if (prepared.stream) return written(deliverStream(delivery));
    const whole = await deliverWhole(delivery);
    return whole ? { json: whole } : 'written';
  }

  async #background(
    call: Call,
    prepared: Prepared,
    answered: Answered,
    { response, frames, letGo }: { response: JsonObject; frames: Iterable<Frame>; letGo: () => void },
  ): Promise<Answer> {
    const run = new BackgroundRun({
      response,
      faults: countedFaults(answered),
      keep: (now, self) => this.#keep(prepared, now, self),
      commit: (finished, self) => this.#commit(prepared, finished, self),
    });
    const gone = goneOf(call);
    const shown = prepared.stream ? run.stream(undefined, gone) : undefined;
    void run.make(paced(frames, this.#deps.perSecond, run.stopped)).finally(letGo);
    const nothing = { frames: noFrames(), faults: countedFaults(answered) };
    const delivery = { ...this.#toClient(call, gone), ...(shown ?? nothing) };
    if (shown) return written(deliverStream(delivery));
    const json = await deliverJson(response, delivery);
    return json ? { json } : 'written';
  }

  /** What is made in the background is made and committed by its run, whoever reads it. */
  #toClient(call: Call, gone: AbortSignal): Omit<Delivery, 'frames' | 'faults'> {
    return {
      framing: this.#deps.dialect,
      response: call.response,
      entry: call.entry,
      gone,
      changed: () => call.changed(),
      commit: () => undefined,
      commitRest: () => undefined,
    };
  }

  #searcher(tools: JsonValue | undefined): (query: string) => SearchHit[] {
    const tool = objectsOf(tools).find(({ type }) => type === 'file_search');
    if (!tool) return () => [];
    const ids = stringsOf(tool['vector_store_ids']);
    this.#deps.vectorStores.check(ids);
    return (query) => this.#deps.vectorStores.search(ids, query, tool);
  }

  #keep(prepared: Prepared, response: JsonObject, run?: BackgroundRun): void {
    const { input, context, thread } = prepared;
    if (prepared.store) this.#responses.put({ response, input, context, thread, run });
  }

  /** Keeps a finished response and adds its items to its conversation; a failed one leaves no items behind. */
  #commit(prepared: Prepared, finished: JsonObject, run?: BackgroundRun): void {
    this.#keep(prepared, finished, run);
    const { input, conversation } = prepared;
    if (conversation !== undefined && finished['status'] !== 'failed')
      this.#deps.conversations.append(conversation, [...input, ...outputOf(finished)]);
  }

  async #retrieve(call: Call): Promise<Answer> {
    const { dialect, streamableMs } = this.#deps;
    const { response, run } = this.#responses.get(call.params['id'] ?? '');
    // A server that knows no streams of stored responses takes no notice of the wish: OGX, replayed.
    if (call.query.get('stream') === 'true' && dialect.background === 'stream') {
      // That OpenAI refuses this for a response that was not made in the background is a guess.
      if (!run) throw badRequest('Only a response in the background can be streamed.', 'stream');
      if (Date.now() - run.startedAt >= streamableMs)
        throw badRequest('This response can no longer be streamed because it is more than 5 minutes old.');
      const gone = goneOf(call);
      const after = numberOf(Number(call.query.get('starting_after') ?? undefined));
      return written(deliverStream({ ...this.#toClient(call, gone), ...run.stream(after, gone) }));
    }
    const include = includeOf(call.query);
    return { json: { ...response, output: outputOf(response).map((item) => visibleItem(item, include)) } };
  }

  /** A response that is over stays as it is and is shown, however often it is cancelled. */
  #cancel(call: Call): JsonObject {
    const id = call.params['id'] ?? '';
    const { run } = this.#responses.get(id);
    if (!run) throw badRequest('Cannot cancel a synchronous response.');
    run.cancel();
    return this.#responses.get(id).response;
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

function goneOf(call: Call): AbortSignal {
  const gone = new AbortController();
  call.response.once('close', () => gone.abort());
  if (call.response.closed || call.response.destroyed) gone.abort();
  return gone.signal;
}

function countedFaults({ steps }: Answered): Delivery['faults'] {
  return steps.filter(isFault).filter((fault) => !happensHere(fault));
}

async function written(delivered: Promise<void>): Promise<'written'> {
  await delivered;
  return 'written';
}

/** A recorded response keeps its own id. */
function recordedId(steps: readonly ReplyStep[]): JsonObject {
  const recorded = steps.find((step) => step.kind === 'recorded');
  const id = stringOf(objectOf(recorded?.events[0]?.['response'])['id']);
  return id === undefined ? {} : { id };
}

async function* noFrames(): AsyncGenerator<Frame, void, undefined> {}
