/** HTTP as the rest needs it: a table of routes, JSON bodies, errors in OpenAI's form. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../events/json.js';
import { ApiError, badRequest } from './api-error.js';
import type { RequestEntry } from './request-log.js';
import { isObject } from './wire.js';

export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What stands in place of `:name` in the route. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly raw: Buffer;
  readonly entry: RequestEntry;
  /** Tells those who wait for a request that its entry has changed. */
  changed(): void;
}

/** What a handler answers with: JSON, a file's bytes, or nothing because it has written the answer itself. */
export type Answer = { readonly json: JsonObject } | { readonly bytes: Uint8Array } | 'written';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1`, for example `/conversations/:id/items`. */
  readonly path: string;
  handle(call: Call): Answer | Promise<Answer>;
}

export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } {
  for (const route of routes) {
    const params = route.method === method ? match(route.path, path) : undefined;
    if (params) return { route, params };
  }
  throw new ApiError(404, `Invalid URL (${method} ${path})`);
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The body as a JSON object; an empty body is an empty object. */
export function jsonBody(call: Pick<Call, 'raw'>): JsonObject {
  if (call.raw.length === 0) return {};
  const parsed = parseJson(call.raw.toString('utf8'));
  if (!isObject(parsed)) throw badRequest('We could not parse the JSON body of your request.');
  return parsed;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function checkApiKey(request: IncomingMessage): void {
  if (/^Bearer\s+\S/.test(request.headers.authorization ?? '')) return;
  const message =
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
    '(i.e. Authorization: Bearer YOUR_KEY).';
  throw new ApiError(401, message);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** An ApiError as it says; anything else is a fault of the script or of this server: 500, never a crash. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof ApiError) sendJson(response, error.status, error.body, error.headers);
  else if (response.headersSent) response.destroy();
  else {
    const message = `The scripted server failed: ${error instanceof Error ? error.message : String(error)}`;
    sendJson(response, 500, { error: { message, type: 'server_error', param: null, code: null } });
  }
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return params;
}
