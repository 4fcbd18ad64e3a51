/**
 * The bearer token: kept for this tab only, and asked for when the gateway answers 401. Requests that are
 * refused at the same time share one question.
 */
const KEY = 'durable-turns.token';

export interface TokenStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class Credentials {
  readonly #store: TokenStore;
  readonly #listeners = new Set<() => void>();
  #waiting: (() => void)[] = [];
  #refused = false;

  constructor(store: TokenStore) {
    this.#store = store;
  }

  get token(): string | undefined {
    return this.#store.getItem(KEY) ?? undefined;
  }

  /** Whether somebody has to be asked, and whether the token that is there was refused. */
  get question(): 'none' | 'token' | 'another_token' {
    if (this.#waiting.length === 0) return 'none';
    return this.#refused ? 'another_token' : 'token';
  }

  /** Resolves when there is another token than the one that was refused. */
  async ask(refused: string | undefined): Promise<void> {
    // Somebody else has asked and got one meanwhile.
    if (this.token !== refused) return;
    this.#refused = refused !== undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#tell();
    });
  }

  set(token: string): void {
    this.#store.setItem(KEY, token);
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#tell();
    for (const resume of waiting) resume();
  }

  forget(): void {
    this.#store.removeItem(KEY);
    this.#tell();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
