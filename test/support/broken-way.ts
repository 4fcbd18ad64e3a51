// The way of a turn to the model server, which may break once.

import { startProxy } from '../../src/testing/index.js';
import type { ProxyConnection, ProxyFault } from '../../src/testing/index.js';

export interface BrokenWay {
  /** Of the model server, on this way. */
  readonly url: string;
  /** Connections so far. */
  connections(): number;
  /** Bytes of the answer that have passed on the n-th connection, from 1. */
  answerBytes(connection: number): number;
  stop(): Promise<void>;
}

/** `faultOf` is asked for each connection, from 1. */
export async function startBrokenWay(
  target: string,
  faultOf: (connection: number) => ProxyFault | undefined = () => undefined,
): Promise<BrokenWay> {
  const seen = new Map<number, ProxyConnection>();
  const proxy = await startProxy({
    target,
    faults: (n) => {
      // The proxy knows it when this has returned, and forgets it when it is closed.
      setImmediate(() => {
        for (const connection of proxy.connections) seen.set(connection.n, connection);
      });
      return faultOf(n);
    },
  });
  return {
    url: proxy.url,
    connections: () => proxy.accepted,
    answerBytes: (connection) => seen.get(connection)?.answerBytes ?? 0,
    stop: () => proxy.stop(),
  };
}
