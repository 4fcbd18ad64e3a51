/**
 * The OpenAI-compatible door: durable agents as models of the Responses API, so that any OpenAI SDK is a client of
 * theirs and survives our crashes. A response is a turn; it can be read, resumed and cancelled from anywhere.
 */
import { Hono } from 'hono';
import type { Context } from 'hono';
import { readJson } from '../body.js';
import type { BodyLimits } from '../body.js';
import { EVENT_STREAM_HEADERS } from '../event-stream.js';
import type { EventStreams } from '../event-stream.js';
import type { Hub } from '../hub/hub.js';
import { watchToEnd } from '../hub/watch-to-end.js';
import type { Authenticate, Principal } from '../options.js';
import { Problem } from '../problem.js';
import { isOursToExplain } from '../problem-of.js';
import { admitted } from '../routes/api.js';
import { json } from '../routes/call.js';
import type { Temporal } from '../temporal.js';
import { createRequest, InvalidRequestError } from './create-request.js';
import type { CreateRequest } from './create-request.js';
import { keyedId } from './idempotency-key.js';
import { apiErrorOf } from './problem-in-api-words.js';
import type { MoreOfError } from './problem-in-api-words.js';
import { headOf } from './response-head.js';
import { responseIdOf, turnIdOf } from './response-id.js';
import type { WireResponse } from './response-object.js';
import { responseQuery } from './response-query.js';
import { ResponseSource } from './response-source.js';
import { ResponseStream } from './response-stream.js';
import { startResponse } from './start-response.js';
import type { StartedResponse } from './start-response.js';
import { turnEventsIn } from './turn-events-in.js';

export interface ResponsesAppOptions {
  readonly temporal: Temporal;
  readonly hub: Hub;
  readonly streams: EventStreams;
  readonly authenticate: Authenticate;
  readonly limits: BodyLimits;
  /** Names that GET /v1/models tells; where there are any, responses of other agents are refused. */
  readonly agents: readonly string[];
  /** Is told which route a request has come to. */
  readonly routed: (request: Request, route: string) => void;
  /** Is told of errors that nobody but us can explain. */
  readonly onError: (error: unknown, request: Request) => void;
}

/** Mount it at `/v1`. */
export function responsesApp(options: ResponsesAppOptions): Hono {
  const { temporal, hub, authenticate, limits, agents, routed, onError } = options;
  const app = new Hono({ getPath: (request) => new URL(request.url).pathname });
  const methods = new Map<string, string[]>();
  const handle = (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    answer: (context: Context, request: Request, principal: Principal) => Promise<Response> | Response,
  ): void => {
    methods.set(path, [...(methods.get(path) ?? []), method]);
    app.on(method, path, async (context) => {
      const request = context.req.raw;
      routed(request, `/v1${path}`);
      return answer(context, request, await admitted(request, authenticate));
    });
  };

  handle('POST', '/responses', async (_context, request, principal) => {
    const asked = createRequest(await readJson(request, limits));
    if (agents.length > 0) checkModel(agents, asked.input.agent);
    const keyed = keyedId(request, principal);
    if (asked.stream || !asked.background) hub.checkRoom();
    const started = await startResponse(temporal, asked, keyed);
    try {
      return await answered(options, request, asked, started);
    } catch (error) {
      return answerTo(error, request, goesOn(started, keyed));
    }
  });

  handle('GET', '/responses/:id', async (context, request) => {
    const turnId = turnOf(context);
    const { stream, startingAfter, turnEvents } = responseQuery(new URL(request.url).searchParams);
    const head = await headOf(temporal, turnId);
    if (!stream) return json(await responseNow(options, turnId, new ResponseStream(head)));
    // Nobody would read the stream, and its watcher stay until it counts as stalled.
    if (request.method === 'HEAD') return new Response(null, { headers: EVENT_STREAM_HEADERS });
    return streamed(options, request, turnId, new ResponseStream(head, { turnEvents }), startingAfter);
  });

  handle('POST', '/responses/:id/cancel', async (context, request) => {
    const turnId = turnOf(context);
    const stream = new ResponseStream(await headOf(temporal, turnId));
    await temporal.ask(() => temporal.turns.getHandle(turnId).cancel());
    const late = AbortSignal.timeout(CANCEL_MS);
    return json(await responseAtEnd(options, turnId, stream, AbortSignal.any([request.signal, late])));
  });

  handle('DELETE', '/responses/:id', async (context) => {
    const turnId = turnOf(context);
    const stream = new ResponseStream(await headOf(temporal, turnId));
    const { status } = await responseNow(options, turnId, stream);
    if (status === 'in_progress' || status === 'queued') {
      const message = 'The response is not over: cancel it before you delete it.';
      throw new InvalidRequestError(message, 'response_id', 'response_in_progress');
    }
    await temporal.ask(() => temporal.turns.getHandle(turnId).delete());
    return json({ id: responseIdOf(turnId), object: 'response', deleted: true });
  });

  handle('GET', '/models', () => json({ object: 'list', data: agents.map(modelOf) }));
  handle('GET', '/models/:id', (context) => {
    const id = context.req.param('id') ?? '';
    checkModel(agents, id);
    return json(modelOf(id));
  });

  for (const [path, allowed] of methods) {
    app.all(path, (context) => {
      routed(context.req.raw, `/v1${path}`);
      const allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
      const message = `Not allowed to ${context.req.method} on /v1${path}: it takes ${allow}.`;
      return apiErrorOf(new InvalidRequestError(message, null, 'method_not_allowed', 405), {
        headers: { allow },
      });
    });
  }
  app.all('*', (context) => {
    routed(context.req.raw, '/v1');
    const message = `Invalid URL (${context.req.method} ${new URL(context.req.url).pathname})`;
    throw new InvalidRequestError(message, null, 'unknown_url', 404);
  });
  const answerTo = (error: unknown, request: Request, more?: MoreOfError): Response => {
    if (!(error instanceof InvalidRequestError) && isOursToExplain(error)) onError(error, request);
    return apiErrorOf(error, more);
  };
  app.onError((error, { req }) => answerTo(error, req.raw));
  return app;
}

function answered(
  options: ResponsesAppOptions,
  request: Request,
  { stream: wantsStream, background, turnEvents }: CreateRequest,
  { turnId, head }: StartedResponse,
): Response | Promise<Response> {
  const stream = new ResponseStream(head, { turnEvents });
  if (wantsStream) return streamed(options, request, turnId, stream, -1);
  const response = background
    ? responseNow(options, turnId, stream)
    : responseAtEnd(options, turnId, stream, request.signal);
  return response.then((value) => json(value));
}

/** A client that asked again by itself would start another turn, unless its key says that it is the same. */
function goesOn({ turnId }: StartedResponse, keyed: string | undefined): MoreOfError {
  return {
    message: `Response ${responseIdOf(turnId)} goes on: retrieve it.`,
    ...(keyed === undefined ? { headers: { 'x-should-retry': 'false' } } : {}),
  };
}

/** So long a cancelled turn is given to end, before it is answered as it stands. */
const CANCEL_MS = 10_000;

/** @throws InvalidRequestError */
function turnOf(context: Context): string {
  const id = context.req.param('id') ?? '';
  const turnId = turnIdOf(id);
  if (turnId !== undefined) return turnId;
  throw new InvalidRequestError(
    `Response with id '${id}' not found.`,
    'response_id',
    'response_not_found',
    404,
  );
}

function streamed(
  { hub, streams }: ResponsesAppOptions,
  request: Request,
  turnId: string,
  stream: ResponseStream,
  startingAfter: number,
): Response {
  const source = new ResponseSource({
    watcher: hub.watch({ kind: 'turn', id: turnId }),
    stream,
    startingAfter,
  });
  request.signal.addEventListener('abort', () => source.close(), { once: true });
  const body = streams.body(source, source.next(), { words: false });
  return new Response(body, { headers: EVENT_STREAM_HEADERS });
}

async function responseNow(
  { temporal }: ResponsesAppOptions,
  turnId: string,
  stream: ResponseStream,
): Promise<WireResponse> {
  await temporal.ask(async (signal) => {
    const events = temporal.turns.getHandle(turnId).events({ follow: false, signal });
    for await (const { id: _id, ...event } of events) stream.take(event);
  });
  return stream.response;
}

/**
 * Waits for the end of the turn, or until nobody waits any more: then the response as it stands.
 * @throws Problem shutting_down, or what the reading failed with
 */
async function responseAtEnd(
  { hub }: ResponsesAppOptions,
  turnId: string,
  stream: ResponseStream,
  signal: AbortSignal,
): Promise<WireResponse> {
  await watchToEnd(hub.watch({ kind: 'turn', id: turnId }), signal, ({ bytes }) => {
    for (const event of turnEventsIn(bytes)) stream.take(event);
  });
  if (stream.ended || signal.aborted) return stream.response;
  throw new Problem('shutting_down', 'Ask another gateway, or this one when it is back.');
}

/** @throws InvalidRequestError */
function checkModel(agents: readonly string[], id: string): void {
  if (agents.includes(id)) return;
  throw new InvalidRequestError(`The model '${id}' does not exist.`, 'model', 'model_not_found', 404);
}

function modelOf(id: string): { id: string; object: 'model'; created: number; owned_by: string } {
  return { id, object: 'model', created: 0, owned_by: 'durable-turns' };
}
