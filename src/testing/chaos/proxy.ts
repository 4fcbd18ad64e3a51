/**
 * A TCP proxy on 127.0.0.1 that breaks what it carries: HTTP to a model, gRPC to Temporal, anything. It knows
 * nothing of what passes, so faults are placed by bytes and by time.
 */
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { ProxyLink } from './proxy-link.js';
import type { ProxyConnection, ProxyFault, ProxySide } from './proxy-link.js';

/** Where connections go, and which of them break. */
export interface ProxyOptions {
  /** Where connections go: `host:port`, or a URL whose path `proxy.url` keeps. */
  readonly target: string;
  /** Default: a free one. */
  readonly port?: number;
  /** What happens to the n-th connection, from 1. Default: nothing, until a method of the proxy is called. */
  readonly faults?: (connection: number) => ProxyFault | readonly ProxyFault[] | undefined;
}

/** What new connections meet. */
type Weather =
  | { readonly kind: 'fair' | 'refuse' }
  | { readonly kind: 'stall' | 'swallow'; readonly of: readonly ProxySide[] };

const FAIR: Weather = { kind: 'fair' };
const BOTH: readonly ProxySide[] = ['requests', 'answers'];

/** A TCP proxy that breaks connections on purpose. Made by `startProxy`. */
export class TcpProxy {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** The target's URL with the proxy's address in it; `http://` if the target was no URL. */
  readonly url: string;
  readonly #server: Server;
  readonly #links = new Set<ProxyLink>();
  #accepted = 0;
  #weather: Weather = FAIR;

  /** Use `startProxy`: the server has to listen already. */
  constructor(server: Server, target: URL, faults: ProxyOptions['faults']) {
    // A server that listens on a port has an AddressInfo.
    const { port } = server.address() as AddressInfo;
    this.address = `127.0.0.1:${port}`;
    const url = new URL(target);
    url.host = this.address;
    this.url = url.href.replace(/\/$/, '');
    this.#server = server;
    server.on('connection', (client) => this.#accept(client, target, faults));
  }

  /** Connections taken so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Those that are open, oldest first. */
  get connections(): readonly ProxyConnection[] {
    return [...this.#links];
  }

  /** Closes all connections (FIN), wherever they are. New ones are taken. */
  cut(): void {
    for (const link of this.#links) link.break('cut');
  }

  /** Breaks all connections with a TCP reset. New ones are taken. */
  reset(): void {
    for (const link of this.#links) link.break('reset');
  }

  /** Nothing passes any more, on new connections neither, until `resume`. */
  stall(...of: readonly ProxySide[]): void {
    this.#change({ kind: 'stall', of: of.length > 0 ? of : BOTH });
  }

  /**
   * Requests reach the target and its answers are thrown away, on new connections too, until `resume`. A client
   * that does not know what became of its request is the hardest case there is.
   */
  swallow(...of: readonly ProxySide[]): void {
    this.#change({ kind: 'swallow', of: of.length > 0 ? of : ['answers'] });
  }

  /** Breaks all connections with a TCP reset, and new ones too, until `resume`: a server that is down. */
  refuse(): void {
    this.#weather = { kind: 'refuse' };
    this.reset();
  }

  /**
   * Ends `stall`, `swallow` and `refuse`. What was stalled goes on where it stood; connections that have lost
   * bytes are reset, since nobody could make sense of the rest.
   */
  resume(): void {
    this.#weather = FAIR;
    for (const link of this.#links) link.resume();
  }

  /** Resets what is open and takes no more. May be called again. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.reset();
    await closed;
  }

  #change(weather: Extract<Weather, { of: unknown }>): void {
    this.#weather = weather;
    for (const link of this.#links) link.apply(weather.kind, weather.of);
  }

  #accept(client: Socket, target: URL, faults: ProxyOptions['faults']): void {
    const n = (this.#accepted += 1);
    const weather = this.#weather;
    if (weather.kind === 'refuse') {
      client.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const link = new ProxyLink(n, client, target, [faults?.(n) ?? []].flat(), () => this.#links.delete(link));
    this.#links.add(link);
    if ('of' in weather) link.apply(weather.kind, weather.of);
  }
}

/**
 * A proxy to `target`; `stop` it at the end.
 * @throws TypeError for a target that is no address, or one of TLS
 */
export async function startProxy({ target, port = 0, faults }: ProxyOptions): Promise<TcpProxy> {
  const url = targetOf(target);
  // Half open: the end of one side is handed on, and the other side may still speak.
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return new TcpProxy(server, url, faults);
}

function targetOf(target: string): URL {
  const text = target.includes('://') ? target : `http://${target}`;
  if (!URL.canParse(text)) throw new TypeError(`target is "${target}": give host:port or a URL`);
  const url = new URL(text);
  if (url.protocol === 'https:')
    throw new TypeError(`target is "${target}": TLS clients would not know the proxy by its name`);
  return url;
}
