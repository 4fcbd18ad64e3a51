// The gateway's HTTP contract with turns that a test writes event by event: for moments that a real one has rarely.

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SessionEvent } from '../../src/events.js';
import { viewerFile } from './viewer-files.js';

interface FakeStream {
  readonly summary: Readonly<Record<string, unknown>>;
  readonly events: { readonly id: string; readonly event: SessionEvent }[];
  readonly watchers: Set<ServerResponse>;
  over: boolean;
}

export interface FakePost {
  readonly path: string;
  readonly body: unknown;
}

export class FakeGateway {
  readonly posts: FakePost[] = [];
  /** What turns were asked, by their path. */
  readonly inputs = new Map<string, Readonly<Record<string, unknown>>>();
  /** The Last-Event-ID of each connection to an event stream. */
  readonly cursors: (string | undefined)[] = [];
  /** Set it to let nobody in without. */
  token: string | undefined;
  /** Answers POSTs: a status and a body; default 202 and {}. */
  onPost: (post: FakePost) => { status: number; body: unknown } = () => ({ status: 202, body: {} });
  readonly #streams = new Map<string, FakeStream>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #viewer: string;
  url = '';

  private constructor(viewer: string) {
    this.#viewer = viewer;
  }

  static async start(viewer: string): Promise<FakeGateway> {
    const gateway = new FakeGateway(viewer);
    await gateway.listen(0);
    return gateway;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes the port and every connection; `listen` opens it again. */
  async down(): Promise<number> {
    const { port } = this.#server.address() as AddressInfo;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    return port;
  }

  /** @param path `/turns/<encoded id>` or `/sessions/<encoded id>`. */
  add(path: string, summary: Readonly<Record<string, unknown>>, events: readonly SessionEvent[] = []): void {
    this.#streams.set(path, { summary, events: [], watchers: new Set(), over: false });
    this.say(path, ...events);
  }

  say(path: string, ...events: readonly SessionEvent[]): void {
    const stream = this.#stream(path);
    for (const event of events) {
      const entry = { id: `${path}#${stream.events.length}`, event };
      stream.events.push(entry);
      for (const watcher of stream.watchers) watcher.write(frame(entry));
    }
  }

  /** Everything was told: streams end, now and later. */
  end(path: string): void {
    const stream = this.#stream(path);
    stream.over = true;
    for (const watcher of stream.watchers) watcher.end();
  }

  /** Breaks off all watchers of a stream; with `slow` it says so first, as for a client that cannot keep up. */
  cut(path: string, { slow = false } = {}): void {
    const stream = this.#stream(path);
    for (const watcher of stream.watchers) {
      if (!slow) watcher.destroy();
      else {
        const data = JSON.stringify({ reason: 'slow_client', after: stream.events.at(-1)?.id });
        watcher.end(`event: cut\ndata: ${data}\n\n`);
      }
    }
    stream.watchers.clear();
  }

  async stop(): Promise<void> {
    await this.down();
  }

  #stream(path: string): FakeStream {
    const stream = this.#streams.get(path);
    if (!stream) throw new Error(`the test added no ${path}`);
    return stream;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const file = await viewerFile(this.#viewer, pathname);
    if (file) {
      response.writeHead(200, file.headers).end(file.bytes);
    } else if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) {
      problem(response, 401, 'unauthorized', 'Send a token.');
    } else if (request.method === 'POST') {
      const post = { path: pathname, body: JSON.parse(await bodyOf(request)) as unknown };
      this.posts.push(post);
      const { status, body } = this.onPost(post);
      json(response, status, body);
    } else if (pathname === '/agents')
      json(response, 200, { data: [{ name: 'assistant' }, { name: 'clerk' }] });
    else if (pathname === '/turns' || pathname === '/sessions') this.#list(response, pathname, searchParams);
    else if (pathname.endsWith('/events')) this.#follow(request, response, pathname.replace(/\/events$/, ''));
    else if (pathname.endsWith('/input')) {
      const input = this.inputs.get(pathname.replace(/\/input$/, ''));
      if (input) json(response, 200, input);
      else problem(response, 404, 'turn_not_found', 'There is no turn of this id.');
    } else {
      const stream = this.#streams.get(pathname);
      if (stream) json(response, 200, stream.summary);
      else problem(response, 404, 'not_found', 'There is no such thing.');
    }
  }

  #list(response: ServerResponse, path: string, query: URLSearchParams): void {
    const filters = [...query].filter(([name]) => name !== 'limit' && name !== 'page');
    const data = [...this.#streams]
      .filter(([key]) => key.startsWith(`${path}/`))
      .map(([, { summary }]) => summary)
      .filter((summary) => filters.every(([name, value]) => summary[name] === value));
    const page = Number(query.get('page') ?? 0);
    const size = 20;
    const more = data.length > (page + 1) * size;
    json(response, 200, {
      data: data.slice(page * size, (page + 1) * size),
      ...(more ? { next_page: String(page + 1) } : {}),
    });
  }

  #follow(request: IncomingMessage, response: ServerResponse, path: string): void {
    const stream = this.#streams.get(path);
    if (!stream) return problem(response, 404, 'turn_not_found', 'There is no turn of this id.');
    const cursor = request.headers['last-event-id'];
    const after = typeof cursor === 'string' ? cursor : undefined;
    this.cursors.push(after);
    const seen = stream.events.findIndex(({ id }) => id === after);
    if (after !== undefined && seen < 0)
      return problem(response, 400, 'invalid_cursor', 'This is no cursor.');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hb\n\n');
    for (const entry of stream.events.slice(seen + 1)) response.write(frame(entry));
    if (stream.over) return void response.end();
    stream.watchers.add(response);
    response.on('close', () => stream.watchers.delete(response));
  }
}

const frame = ({ id, event }: { id: string; event: SessionEvent }): string =>
  `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? 'null' : text;
}
