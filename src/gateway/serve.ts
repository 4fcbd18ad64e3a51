/** The gateway on a Node server. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { collectDefaultMetrics } from 'prom-client';
import { createGateway } from './gateway.js';
import type { Gateway } from './gateway.js';
import { GatewayConfigurationError } from './options.js';
import type { GatewayAuth, GatewayOptions } from './options.js';
import { refuse, unreadable } from './refuse.js';

/** Those of the gateway, and where it listens. */
export interface ServeOptions extends Omit<GatewayOptions, 'auth'> {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 8484; 0: any that is free. */
  readonly port?: number;
  /** May be left out on a loopback address only. */
  readonly auth?: GatewayAuth;
}

/** A gateway that listens. */
export interface GatewayServer {
  /** As `http://127.0.0.1:8484`. */
  readonly url: string;
  /** Also of one that was left to chance. */
  readonly port: number;
  readonly gateway: Gateway;
  /**
   * Takes no more requests, tells those who follow where to go on, and waits for what is under way, at most
   * `drainMs` (default 10,000). Then connections are cut.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

const DEFAULT_PORT = 8484;
const DRAIN_MS = 10_000;
/** A request's head and body have to be there by then. */
const REQUEST_MS = 30_000;
/**
 * Longer than the minute for which proxies and load balancers commonly keep connections: one that this end closes while
 * a request is on its way is answered with 502 there. Node's own 5 s would be.
 */
const KEEP_ALIVE_MS = 75_000;

/**
 * Resolves when the server listens.
 * @throws GatewayConfigurationError for an address that others can reach and no `auth`
 */
export async function serveGateway({
  host = '127.0.0.1',
  port = DEFAULT_PORT,
  auth,
  ...options
}: ServeOptions): Promise<GatewayServer> {
  const loopback = isLoopback(host);
  if (auth === undefined && !loopback) {
    throw new GatewayConfigurationError(
      `Others can reach ${host}: give auth ({ tokens } or a function), or auth: 'none' if something else guards the gateway.`,
    );
  }
  const gateway = createGateway({
    ...options,
    auth: auth ?? 'none',
    // Without a token, a page that gets a name of its own for 127.0.0.1 could else use the gateway.
    ...(loopback && options.allowedHosts === undefined
      ? { allowedHosts: ['localhost', '127.0.0.1', '::1', host] }
      : {}),
  });
  collectDefaultMetrics({ register: gateway.metrics });
  const listener = getRequestListener((request) => gateway.fetch(request), {
    overrideGlobalObjects: false,
    // Only what is no request comes here: `fetch` never rejects.
    errorHandler: () => unreadable().response(),
  });
  const server = createServer(
    // Without a host the listener answers, as a problem.
    {
      requestTimeout: REQUEST_MS,
      headersTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requireHostHeader: false,
    },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  server.on('clientError', (error, socket) => void refuse(error, socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = addressOf(server.address());
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    port: taken,
    gateway,
    close: async ({ drainMs = DRAIN_MS } = {}) => {
      const closed = new Promise((resolve) => server.close(resolve));
      gateway.close();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(late);
    },
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address;
}
