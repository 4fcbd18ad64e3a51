/**
 * A server that speaks the wire of the OpenAI Responses API without a model: a script says what the model
 * would have said. Everything around it is real: HTTP, streams, stored responses, conversations, files, search.
 * All state belongs to the instance and goes with it.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Conversations } from './conversations.js';
import type { LockedStatus } from './conversations.js';
import { defaultAssistant } from './default-assistant.js';
import { dialectOf } from './dialects/presets.js';
import type { DialectOption } from './dialects/presets.js';
import { Files } from './files.js';
import { checkApiKey, findRoute, parseJson, readBody, sendError, sendJson } from './http.js';
import type { Route } from './http.js';
import { isModelRequest, loggedHeaders, RequestLog } from './request-log.js';
import type { RequestEntry, RequestPredicate } from './request-log.js';
import { ResponsesApi } from './responses-api.js';
import type { Script } from './script.js';
import { isObject, newId, unixSeconds } from './wire.js';
import { VectorStores } from './vector-stores.js';

/** What the server says, and whose wire it has. */
export interface ScriptedResponsesOptions {
  /** Default: `defaultAssistant`, which needs no scripting. */
  readonly script?: Script;
  /** Default: a free one. */
  readonly port?: number;
  /** Deltas per second; default: as fast as possible. */
  readonly perSecond?: number;
  /** The models it knows; others are refused. Default: every model. */
  readonly models?: readonly string[];
  /** Another server than OpenAI: by name, or by single flags. Default: `openai`. */
  readonly dialect?: DialectOption;
  /**
   * Refuses a response on a conversation that another one is being made on, with `conversation_locked` and this
   * status (OpenAI's was seen to be 400). Default: takes it.
   */
  readonly lockConversations?: LockedStatus;
  /** How long a response in the background can be streamed, in milliseconds. Default: 5 minutes, as at OpenAI. */
  readonly streamableMs?: number;
}

const STREAMABLE_MS = 300_000;

/** The wire of the Responses API with a script in place of a model. `await ScriptedResponsesServer.start({ script })`. */
export class ScriptedResponsesServer {
  /** The base URL for a client: `http://127.0.0.1:PORT/v1`. Every API key is accepted. */
  readonly url: string;
  readonly #http: Server;
  readonly #log: RequestLog;
  readonly #responses: ResponsesApi;

  private constructor(http: Server, log: RequestLog, responses: ResponsesApi) {
    const address = http.address();
    if (address === null || typeof address === 'string')
      throw new Error('The scripted server is not listening.');
    this.url = `http://127.0.0.1:${address.port}/v1`;
    this.#http = http;
    this.#log = log;
    this.#responses = responses;
  }

  static async start(options: ScriptedResponsesOptions = {}): Promise<ScriptedResponsesServer> {
    const log = new RequestLog();
    const { routes, responses } = apiOf(options);
    const http = createServer((request, response) => void answer(routes, log, request, response));
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return new ScriptedResponsesServer(http, log, responses);
  }

  /** Every request, oldest first. Entries change while their answer is under way. */
  get requests(): readonly RequestEntry[] {
    return this.#log.entries;
  }

  /** The requests that asked the model: `POST /v1/responses`. */
  get modelRequests(): readonly RequestEntry[] {
    return this.#log.entries.filter(isModelRequest);
  }

  /**
   * Resolves when the n-th model request has come (from 1), or when any request meets the predicate, which is
   * asked again when an answer begins, ends or loses its client. Rejects when the server stops first.
   */
  waitForRequest(wanted: number | RequestPredicate): Promise<RequestEntry> {
    if (typeof wanted === 'function') return this.#log.wait(wanted);
    return this.#log.wait(() => this.modelRequests.length >= wanted).then(() => this.#modelRequest(wanted));
  }

  /** Breaks the connections that are still open. */
  async stop(): Promise<void> {
    this.#log.close();
    this.#responses.stop();
    // Whoever is still connected now is left by us, not the other way round.
    for (const entry of this.#log.entries) entry.finished = true;
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.#http.closeAllConnections();
    await closed;
  }

  #modelRequest(n: number): RequestEntry {
    const entry = this.modelRequests[n - 1];
    if (!entry) throw new Error(`There is no model request ${n}.`);
    return entry;
  }
}

function apiOf(options: ScriptedResponsesOptions): {
  readonly routes: readonly Route[];
  readonly responses: ResponsesApi;
} {
  const { script = defaultAssistant, models, perSecond, streamableMs = STREAMABLE_MS } = options;
  const dialect = dialectOf(options.dialect);
  const conversations = new Conversations(dialect, options.lockConversations);
  const files = new Files();
  const vectorStores = new VectorStores(files);
  const deps = { script, conversations, vectorStores, models, perSecond, dialect, streamableMs };
  const responses = new ResponsesApi(deps);
  const created = unixSeconds();
  const data = (models ?? ['scripted']).map((id) => ({ id, object: 'model', created, owned_by: 'scripted' }));
  const routes: Route[] = [
    ...responses.routes,
    ...(dialect.conversations === 'kept' ? conversations.routes : []),
    ...files.routes,
    ...vectorStores.routes,
    { method: 'GET', path: '/models', handle: () => ({ json: { object: 'list', data } }) },
  ];
  return { routes, responses };
}

async function answer(
  routes: readonly Route[],
  log: RequestLog,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A write to a client that has just gone is no fault of ours; the log tells that it went.
  response.on('error', () => undefined);
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const raw = await readBody(request);
    const entry = begin(log, request, url, raw, response);
    response.setHeader('x-request-id', newId('req'));
    checkApiKey(request);
    const { route, params } = findRoute(routes, entry.method, url.pathname.replace(/^\/v1(?=\/)/, ''));
    const found = await route.handle({
      request,
      response,
      params,
      query: url.searchParams,
      raw,
      entry,
      changed: () => log.changed(entry),
    });
    if (found === 'written') return;
    if ('json' in found) sendJson(response, 200, found.json);
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.bytes);
  } catch (error) {
    sendError(response, error);
  }
}

/** Logs a request and follows it until its answer is over or its client gone. */
function begin(
  log: RequestLog,
  request: IncomingMessage,
  url: URL,
  raw: Buffer,
  response: ServerResponse,
): RequestEntry {
  const body = parseJson(raw.toString('utf8'));
  const entry: RequestEntry = {
    n: log.entries.length + 1,
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.search,
    body: isObject(body) ? body : undefined,
    headers: loggedHeaders(request.headers),
    at: new Date().toISOString(),
    status: undefined,
    sent_events: 0,
    finished: false,
    client_closed: false,
    client_closed_at: undefined,
    response_id: undefined,
  };
  log.add(entry);
  response.once('finish', () => {
    entry.finished = true;
  });
  response.once('close', () => {
    if (!entry.finished) {
      entry.finished = true;
      entry.client_closed = true;
      entry.client_closed_at = new Date().toISOString();
    }
    if (response.headersSent) entry.status = response.statusCode;
    log.changed(entry);
  });
  log.changed(entry);
  return entry;
}
