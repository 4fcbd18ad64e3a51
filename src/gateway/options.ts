/** How a gateway is made, and what holds when nothing is said. */
import type { TurnClient } from '../client/index.js';

/** Who asks. */
export interface Principal {
  /** Stands as `by` in the decisions of those who name nobody. */
  readonly id: string;
}

/** Gives the one who asks, or undefined for somebody who may not. */
export type Authenticate = (request: Request) => Principal | undefined | Promise<Principal | undefined>;

/** Bearer tokens, any of which opens everything; or a function; or, in words, nothing. */
export type GatewayAuth = { readonly tokens: readonly string[] } | Authenticate | 'none';

/** Whose turns a gateway serves, and to whom. */
export interface GatewayOptions {
  /** What it starts and reads turns with; it stays yours to close. */
  readonly turns: TurnClient;
  /** Who may use it. */
  readonly auth: GatewayAuth;
  /** Names that GET /agents tells; turns of other agents can be started all the same. Default: none. */
  readonly agents?: readonly string[];
  /**
   * Host names (without port) under which the gateway answers. Default: any; with `serveGateway` on a loopback
   * address: `localhost` and that address, so that no web page can reach it under a name of its own.
   */
  readonly allowedHosts?: readonly string[];
  /** Origins whose pages may use the gateway, as `https://console.example.com`. Default: none but its own. */
  readonly corsOrigins?: readonly string[];
  /** Folder of the viewer's files; false: no viewer. Default: the viewer of this package. */
  readonly viewer?: string | false;
  /** Those that are to differ from their defaults. */
  readonly limits?: Partial<GatewayLimits>;
  /** Is told of what ends in a 5xx that nobody but us can explain. Default: console.error. */
  readonly onError?: (error: unknown, request: Request) => void;
}

/** How much a gateway takes on, and how long it waits. */
export interface GatewayLimits {
  /** Bytes of a request's body. Default 1 MiB. */
  readonly bodyBytes: number;
  /** Watchers of events at once, and requests that wait for a result. Default 10,000. */
  readonly watchers: number;
  /** Bytes of events that are kept of one turn for those who come late or are slow. Default 4 MiB. */
  readonly turnBytes: number;
  /** The same for all turns together. Default 256 MiB. */
  readonly totalBytes: number;
  /** Readings of a history for one watcher alone, at once. Default 32. */
  readonly catchUps: number;
  /** Time for one question to Temporal, in ms. Default 10,000. */
  readonly temporalMs: number;
  /** Time for a request's body to arrive, in ms. Default 10,000. */
  readonly bodyMs: number;
  /** Between two comments on a silent event stream, in ms. Default 15,000. */
  readonly heartbeatMs: number;
  /** A client that takes nothing for so long is gone, in ms. Default 60,000. */
  readonly stallMs: number;
  /** A turn that nobody watches any more is read on for so long, in ms. Default 5,000. */
  readonly lingerMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  bodyBytes: 1024 * 1024,
  watchers: 10_000,
  turnBytes: 4 * 1024 * 1024,
  totalBytes: 256 * 1024 * 1024,
  catchUps: 32,
  temporalMs: 10_000,
  bodyMs: 10_000,
  heartbeatMs: 15_000,
  stallMs: 60_000,
  lingerMs: 5_000,
};

/** The gateway cannot be made so; the message says what to change. */
export class GatewayConfigurationError extends Error {
  override readonly name = 'GatewayConfigurationError';
}
