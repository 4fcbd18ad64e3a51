/** A client of the gateway as tests need it: every answer is held to the OpenAPI document. */
import { createParser } from 'eventsource-parser';
import { expectDocumented } from './documented.js';

export interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface StreamedEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: unknown;
}

export type Fetch = (request: Request) => Promise<Response>;

export class GatewayClient {
  readonly #fetch: Fetch;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(fetch: Fetch, base = 'http://localhost', headers: Readonly<Record<string, string>> = {}) {
    this.#fetch = fetch;
    this.#base = base;
    this.#headers = headers;
  }

  /** `body` is sent as JSON; a string, bytes or a stream as they are. */
  async ask(path: string, { method, body, headers = {} }: Sent = {}): Promise<Answered> {
    const verb = method ?? (body === undefined ? 'GET' : 'POST');
    const response = await this.raw(path, { method: verb, body, headers });
    return {
      status: response.status,
      headers: response.headers,
      body: await expectDocumented(verb, this.#base + path, response),
    };
  }

  raw(
    path: string,
    { method = 'GET', body, headers = {} }: Sent = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    return this.#fetch(
      new Request(this.#base + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...this.#headers,
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      }),
    );
  }

  /** The events of a stream until it ends, or nobody takes them any more. */
  async *events(path: string, lastEventId?: string): AsyncGenerator<StreamedEvent> {
    const stop = new AbortController();
    const headers = { accept: 'text/event-stream', ...(lastEventId ? { 'last-event-id': lastEventId } : {}) };
    const response = await this.raw(path, { headers }, stop.signal);
    if (response.status === 204) return;
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    const came: StreamedEvent[] = [];
    const parser = createParser({
      onEvent: ({ id, event, data }) => came.push({ id, event, data: JSON.parse(data) }),
    });
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) {
        parser.feed(decoder.decode(bytes, { stream: true }));
        yield* came.splice(0);
      }
    } finally {
      stop.abort();
    }
  }
}
