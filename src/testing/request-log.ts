/** What came in, what was sent, and when a client went away: the server's memory for assertions. */
import type { JsonObject } from '../events/json.js';

/** A request that the server was sent, and what became of it. */
export interface RequestEntry {
  /** Counts all requests of the server, from 1. */
  readonly n: number;
  readonly method: string;
  /** With `/v1`, without the query. */
  readonly path: string;
  readonly query: string;
  /** The JSON body; undefined when there is none. */
  readonly body: JsonObject | undefined;
  /** Without cookies and without the key: `authorization` says only that there was one. */
  readonly headers: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly at: string;
  /** Undefined until the answer begins. */
  status: number | undefined;
  /** Stream events written so far. */
  sent_events: number;
  /** The answer is over, in whatever way. */
  finished: boolean;
  /** The client went away before the answer was over. */
  client_closed: boolean;
  client_closed_at: string | undefined;
  /** Of a response that this request made. */
  response_id: string | undefined;
}

export type RequestPredicate = (entry: RequestEntry) => boolean;

interface Waiter {
  readonly accepts: RequestPredicate;
  resolve(entry: RequestEntry): void;
  reject(error: Error): void;
}

export class RequestLog {
  readonly entries: RequestEntry[] = [];
  readonly #waiters = new Set<Waiter>();

  add(entry: RequestEntry): void {
    this.entries.push(entry);
  }

  /** To be called whenever an entry has come or changed. */
  changed(entry: RequestEntry): void {
    for (const waiter of [...this.#waiters]) {
      if (!waiter.accepts(entry)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(entry);
    }
  }

  wait(accepts: RequestPredicate): Promise<RequestEntry> {
    const known = this.entries.find(accepts);
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => this.#waiters.add({ accepts, resolve, reject }));
  }

  /** Nobody will come any more. */
  close(): void {
    for (const waiter of this.#waiters)
      waiter.reject(new Error('The scripted server was stopped before such a request came.'));
    this.#waiters.clear();
  }
}

/** Requests that ask the model. */
export function isModelRequest(entry: RequestEntry): boolean {
  return entry.method === 'POST' && entry.path === '/v1/responses';
}

/** The headers a test may care about: never a credential. */
export function loggedHeaders(headers: Readonly<NodeJS.Dict<string | string[]>>): Record<string, string> {
  const logged: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'cookie') continue;
    logged[name] = name === 'authorization' ? '(present)' : String(value);
  }
  return logged;
}
