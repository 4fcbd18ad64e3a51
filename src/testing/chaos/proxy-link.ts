/** One connection through the proxy: two sockets, and what happens to the bytes between them. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** `requests`: what the client sends. `answers`: what the target sends. */
export type ProxySide = 'requests' | 'answers';

/** What happens to one connection, and when. */
export interface ProxyFault {
  /**
   * `cut` closes both ends (FIN), `reset` breaks them with a TCP reset, `stall` keeps them open and lets nothing
   * more of this side pass, `swallow` throws away what comes from then on.
   */
  readonly kind: 'cut' | 'reset' | 'stall' | 'swallow';
  /** Whose bytes are counted, and stalled or swallowed. Default: `answers`. */
  readonly of?: ProxySide;
  /** So many bytes of that side pass before. Default: 0. */
  readonly afterBytes?: number;
}

/** A connection that runs through the proxy. */
export interface ProxyConnection {
  /** Counts the connections of the proxy, from 1. */
  readonly n: number;
  /** Bytes of the client that were passed on. */
  readonly requestBytes: number;
  /** Bytes of the target that were passed on. */
  readonly answerBytes: number;
}

/** A fault with its place. */
type Due = Required<ProxyFault>;

interface Side {
  readonly from: Socket;
  readonly to: Socket;
  readonly faults: Due[];
  passed: number;
  state: 'open' | 'stall' | 'swallow';
  /** What had been read when the side was stalled. */
  held: Buffer[];
}

const HTTP_PORT = 80;
const READING_MS = 20;

export class ProxyLink implements ProxyConnection {
  readonly n: number;
  readonly #sides: Readonly<Record<ProxySide, Side>>;
  /** Bytes are missing: the rest means nothing. */
  #damaged = false;

  constructor(n: number, client: Socket, target: URL, faults: readonly ProxyFault[], closed: () => void) {
    this.n = n;
    const server = connect({
      host: target.hostname,
      port: Number(target.port || HTTP_PORT),
      allowHalfOpen: true,
      noDelay: true,
    });
    const of = (side: ProxySide): Due[] =>
      faults
        .map(({ kind, of: whose = 'answers', afterBytes = 0 }) => ({ kind, of: whose, afterBytes }))
        .filter((fault) => fault.of === side)
        .toSorted((a, b) => a.afterBytes - b.afterBytes);
    this.#sides = {
      requests: { from: client, to: server, faults: of('requests'), passed: 0, state: 'open', held: [] },
      answers: { from: server, to: client, faults: of('answers'), passed: 0, state: 'open', held: [] },
    };
    for (const side of Object.values(this.#sides)) this.#carry(side);
    let open = 2;
    for (const socket of [client, server]) {
      socket.on('error', () => this.break('reset'));
      socket.on('close', () => {
        open -= 1;
        if (open === 0) closed();
      });
    }
  }

  get requestBytes(): number {
    return this.#sides.requests.passed;
  }

  get answerBytes(): number {
    return this.#sides.answers.passed;
  }

  break(kind: 'cut' | 'reset'): void {
    for (const { from } of Object.values(this.#sides)) {
      if (kind === 'cut') from.destroySoon();
      else from.resetAndDestroy();
    }
  }

  apply(kind: 'stall' | 'swallow', of: readonly ProxySide[]): void {
    for (const side of of) this.#happen({ kind, of: side, afterBytes: 0 });
  }

  resume(): void {
    if (this.#damaged) return this.break('reset');
    for (const side of Object.values(this.#sides)) {
      side.state = 'open';
      for (const chunk of side.held.splice(0)) this.#pass(side, chunk);
      side.from.resume();
    }
  }

  #carry(side: Side): void {
    const { from, to } = side;
    from.on('data', (chunk) => this.#pass(side, chunk));
    to.on('drain', () => {
      if (side.state !== 'stall') from.resume();
    });
    from.on('end', () => {
      // The end of a side that is stalled or swallowed is no news for anybody.
      if (side.state === 'open') to.end();
    });
    this.#due(side);
  }

  #pass(side: Side, chunk: Buffer): void {
    if (side.state === 'swallow') {
      this.#damaged = true;
      return;
    }
    if (side.state === 'stall') {
      side.held.push(chunk);
      return;
    }
    const room = (side.faults[0]?.afterBytes ?? Infinity) - side.passed;
    const now = chunk.subarray(0, room);
    const rest = chunk.subarray(now.length);
    if (now.length > 0 && !side.to.write(now)) side.from.pause();
    side.passed += now.length;
    this.#due(side);
    if (rest.length > 0 && !side.from.destroyed) this.#pass(side, rest);
  }

  #due(side: Side): void {
    while (side.faults[0] && side.faults[0].afterBytes <= side.passed) {
      const [fault] = side.faults.splice(0, 1);
      if (fault) this.#happen(fault);
    }
  }

  #happen({ kind, of }: Due): void {
    const side = this.#sides[of];
    switch (kind) {
      case 'cut':
        return this.break('cut');
      case 'reset':
        // A reset takes what its receiver has not read yet: it gets a moment for the bytes that were to pass.
        for (const each of Object.values(this.#sides)) hold(each);
        setTimeout(() => this.break('reset'), READING_MS);
        return;
      case 'stall':
        hold(side);
        return;
      case 'swallow':
        side.state = 'swallow';
        for (const _lost of side.held.splice(0)) this.#damaged = true;
        side.from.resume();
        return;
      default:
        return kind satisfies never;
    }
  }
}

function hold(side: Side): void {
  side.state = 'stall';
  side.from.pause();
}
