/** The responses that this server keeps, as `store: true` asks. */
import type { JsonObject } from '../events/json.js';
import { notFound } from './api-error.js';
import type { BackgroundRun } from './background-run.js';
import { stringOf } from './wire.js';
import type { Item } from './wire.js';

export interface StoredResponse {
  /** The whole response; what `include` hides is hidden when it is shown. */
  readonly response: JsonObject;
  /** The items of its own request. */
  readonly input: readonly Item[];
  /** All items that the model saw: those of the chain or conversation before it, then `input`. */
  readonly context: readonly Item[];
  /** Names the chain or conversation; see `ScriptRequest.turnRequest`. */
  readonly thread: string;
  /** Of a response in the background, also after its end. */
  readonly run?: BackgroundRun | undefined;
}

export class ResponseStore {
  readonly #responses = new Map<string, StoredResponse>();

  put(stored: StoredResponse): void {
    this.#responses.set(stringOf(stored.response['id']) ?? '', stored);
  }

  find(id: string): StoredResponse | undefined {
    return this.#responses.get(id);
  }

  get(id: string): StoredResponse {
    const stored = this.find(id);
    if (!stored) throw notFound('Response', id);
    return stored;
  }

  /** A response that still runs is cancelled, so that nobody puts it back. */
  delete(id: string): void {
    this.get(id).run?.cancel();
    this.#responses.delete(id);
  }

  /** Ends what runs in the background. */
  stop(): void {
    for (const { run } of this.#responses.values()) run?.cancel();
  }

  /** An item of any stored response, for `item_reference`. */
  findItem(id: string): Item | undefined {
    for (const stored of this.#responses.values()) {
      const found = [...stored.input, ...outputOf(stored.response)].find((item) => item['id'] === id);
      if (found) return found;
    }
    return undefined;
  }
}

export function outputOf(response: JsonObject): readonly Item[] {
  const output = response['output'];
  return Array.isArray(output) ? (output as readonly Item[]) : [];
}
