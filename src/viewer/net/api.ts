/** The gateway's HTTP API. Every method throws a ProblemError or an UnreachableError. */
import type { OpenInput } from '../../events/progress.js';
import { authorization } from './credentials.js';
import type { Credentials } from './credentials.js';
import { problemOf, UnreachableError } from './problem.js';
import type {
  Decision,
  MessageReceipt,
  NewMessage,
  NewTurn,
  Page,
  SessionFilter,
  SessionProgress,
  SessionSummary,
  TurnFilter,
  TurnInput,
  TurnSummary,
} from './wire.js';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How many rows a page of a list has. */
const PAGE_SIZE = 50;

export class Api {
  readonly fetch: Fetch;
  readonly credentials: Credentials;

  constructor(fetch: Fetch, credentials: Credentials) {
    this.fetch = fetch;
    this.credentials = credentials;
  }

  agents(signal?: AbortSignal): Promise<{ data: readonly { name: string }[] }> {
    return this.#json('GET', '/agents', { signal });
  }

  turns(filter: TurnFilter, signal?: AbortSignal): Promise<Page<TurnSummary>> {
    return this.#json('GET', `/turns?${search({ ...filter, limit: PAGE_SIZE })}`, { signal });
  }

  sessions(filter: SessionFilter, signal?: AbortSignal): Promise<Page<SessionSummary>> {
    return this.#json('GET', `/sessions?${search({ ...filter, limit: PAGE_SIZE })}`, { signal });
  }

  input(turnId: string): Promise<TurnInput> {
    return this.#json('GET', `${turnPath(turnId)}/input`);
  }

  startTurn(turn: NewTurn): Promise<{ turn_id: string }> {
    return this.#json('POST', '/turns', { body: turn });
  }

  cancel(turnId: string): Promise<void> {
    return this.#json('POST', `${turnPath(turnId)}/cancel`);
  }

  /** The decision is bound to the arguments that were shown. */
  async resolve(turnId: string, input: OpenInput, decision: Decision): Promise<void> {
    const { input_id, arguments_hash } = input;
    const path = `${turnPath(turnId)}/inputs/${encodeURIComponent(input_id)}`;
    await this.#json('POST', path, { body: { ...decision, arguments_hash } });
  }

  send(sessionId: string, message: NewMessage): Promise<MessageReceipt> {
    return this.#json('POST', `${sessionPath(sessionId)}/messages`, { body: message });
  }

  session(sessionId: string, signal?: AbortSignal): Promise<SessionProgress> {
    return this.#json('GET', sessionPath(sessionId), { signal });
  }

  closeSession(sessionId: string): Promise<void> {
    return this.#json('POST', `${sessionPath(sessionId)}/close`);
  }

  /** The gateway's own words are trusted: it is the server that this page came from. */
  async #json<T>(
    method: 'GET' | 'POST',
    path: string,
    { body, signal }: { body?: unknown; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    for (;;) {
      const { token } = this.credentials;
      const response = await this.fetch(path, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...authorization(token),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      }).catch((thrown: unknown) => {
        signal?.throwIfAborted();
        throw new UnreachableError(thrown);
      });
      if (response.status === 401) {
        await this.credentials.ask(token);
        signal?.throwIfAborted();
        continue;
      }
      if (!response.ok) throw await problemOf(response);
      return (await response.json().catch(() => undefined)) as T;
    }
  }
}

export const turnPath = (turnId: string): string => `/turns/${encodeURIComponent(turnId)}`;
export const sessionPath = (sessionId: string): string => `/sessions/${encodeURIComponent(sessionId)}`;

function search(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.toString();
}
