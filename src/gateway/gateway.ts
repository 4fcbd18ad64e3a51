/**
 * The gateway: turns over HTTP for those who know nothing of Temporal. It keeps no state of its own: any number
 * of gateways serve the same turns, and a client may go on at another one with its cursor.
 */
import { cors } from 'hono/cors';
import { Hono } from 'hono';
import { authenticator } from './auth.js';
import { EventStreams, frameOf } from './event-stream.js';
import { guard } from './guards.js';
import { Hub } from './hub/hub.js';
import type { Entry } from './hub/window.js';
import { keptEvents } from './kept-events.js';
import { GatewayMetrics } from './metrics.js';
import { DEFAULT_LIMITS } from './options.js';
import type { GatewayOptions } from './options.js';
import { Problem } from './problem.js';
import { isOursToExplain, problemOf } from './problem-of.js';
import { apiApp } from './routes/api.js';
import { apiErrorOf, isApiRequest } from './responses/problem-in-api-words.js';
import { responsesApp } from './responses/responses-app.js';
import { serviceRoutes } from './routes/service.js';
import type { Followable } from './routes/follow.js';
import { sessionRoutes } from './routes/sessions.js';
import { turnRoutes } from './routes/turns.js';
import { sessionEvents } from './session-events.js';
import { Temporal } from './temporal.js';
import { PACKAGED_VIEWER, viewerFile } from './viewer.js';

/** For any server that speaks in `Request` and `Response`; `serveGateway` is one for Node. */
export interface Gateway {
  /** Answers a request; never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The metrics, for those who add their own. */
  readonly metrics: GatewayMetrics['registry'];
  /** Cuts all streams, so that their clients go on elsewhere, and refuses what comes. The TurnClient stays open. */
  close(): void;
}

/** So long is a reading that has just begun given to come to a watcher's place, before that reads by itself. */
const GRACE_MS = 250;
const CORS_SECONDS = 600;

/** @throws GatewayConfigurationError */
export function createGateway({
  turns,
  auth,
  agents = [],
  allowedHosts,
  corsOrigins = [],
  viewer = PACKAGED_VIEWER,
  limits: given = {},
  onError = (error) => console.error(error),
}: GatewayOptions): Gateway {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const authenticate = authenticator(auth);
  const temporal = new Temporal(turns, limits.temporalMs);
  let closing = false;

  const readTurn: Followable['read'] = (id, options) => framed(keptEvents(turns, id, options));
  const readSession: Followable['read'] = (id, options) => framed(sessionEvents(turns, id, options));
  const hub = new Hub({
    read: ({ kind, id }, options) => (kind === 'turn' ? readTurn : readSession)(id, options),
    turnBytes: limits.turnBytes,
    totalBytes: limits.totalBytes,
    maxWatchers: limits.watchers,
    lingerMs: limits.lingerMs,
    graceMs: GRACE_MS,
    maxCatchUps: limits.catchUps,
  });
  const metrics = new GatewayMetrics(hub);
  const streams = new EventStreams({ ...limits, observer: metrics });
  const followed = { hub, streams, temporalMs: limits.temporalMs };
  const routes = new WeakMap<Request, string>();

  const api = apiApp({
    handlers: {
      ...serviceRoutes({ temporal, agents, registry: metrics.registry, isClosing: () => closing }),
      ...turnRoutes({ temporal, followable: { ...followed, kind: 'turn', read: readTurn } }),
      ...sessionRoutes({ temporal, followable: { ...followed, kind: 'session', read: readSession } }),
    },
    authenticate,
    limits,
    routed: (request, route) => routes.set(request, route),
  });

  const app = new Hono({ getPath: (request) => new URL(request.url).pathname });
  if (corsOrigins.length > 0) {
    app.use(
      cors({
        origin: [...corsOrigins],
        allowMethods: ['GET', 'HEAD', 'POST', 'DELETE'],
        // Whichever the page asks for: the SDKs of OpenAI send a dozen of their own.
        allowHeaders: [],
        // Those of OpenAI must see there that they are not to ask again.
        exposeHeaders: ['location', 'retry-after', 'x-should-retry'],
        maxAge: CORS_SECONDS,
      }),
    );
  }
  const door = { temporal, hub, streams, limits, agents, onError };
  app.route(
    '/v1',
    responsesApp({
      ...door,
      authenticate,
      routed: (request, route) => routes.set(request, route),
    }),
  );
  app.route('/', api);
  app.get('*', async ({ req }) => {
    const file = viewer === false ? undefined : await viewerFile(viewer, req.path);
    if (!file) throw new Problem('not_found', `GET /openapi.json lists what there is.`);
    routes.set(req.raw, 'viewer');
    return file;
  });
  app.all('*', () => {
    throw new Problem('not_found', 'GET /openapi.json lists what there is.');
  });
  app.onError((error, { req }) => answerTo(error, req.raw));

  function answerTo(error: unknown, request: Request): Response {
    if (isOursToExplain(error)) onError(error, request);
    return isApiRequest(request) ? apiErrorOf(error) : problemOf(error).response();
  }

  async function answer(request: Request): Promise<Response> {
    try {
      guard(request, { allowedHosts, corsOrigins });
      // Who runs the gateway may still ask how it is.
      if (closing && !/^\/(healthz|readyz|metrics)$/.test(new URL(request.url).pathname)) {
        throw new Problem('shutting_down', 'Ask another gateway, or this one when it is back.');
      }
      return await app.fetch(request);
    } catch (error) {
      return answerTo(error, request);
    }
  }

  return {
    metrics: metrics.registry,
    fetch: async (request) => {
      const started = performance.now();
      const response = await answer(request);
      response.headers.set('x-content-type-options', 'nosniff');
      const route = routes.get(request) ?? 'unknown';
      metrics.answered(route, request.method, response.status, (performance.now() - started) / 1000);
      return response;
    },
    close: () => {
      closing = true;
      hub.close();
      streams.close();
    },
  };
}

async function* framed(
  events: AsyncIterable<{ readonly id: string; readonly type: string }>,
): AsyncGenerator<Entry> {
  for await (const event of events) yield { id: event.id, frame: frameOf(event) };
}
