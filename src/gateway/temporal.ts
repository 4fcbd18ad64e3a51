/** Every question to Temporal has an end: none keeps a request waiting for ever. */
import { NoWorkerError } from '../client/index.js';
import type { TurnClient } from '../client/index.js';
import { Problem } from './problem.js';

/** For what the SDK does between a deadline and telling so. */
const GRACE_MS = 500;
const READINESS_MS = 2000;

export interface Readiness {
  readonly temporal: boolean;
  readonly worker: boolean;
}

export class Temporal {
  readonly turns: TurnClient;
  readonly #ms: number;
  readonly #shared = new Map<string, Promise<unknown>>();

  constructor(turns: TurnClient, ms: number) {
    this.turns = turns;
    this.#ms = ms;
  }

  /** @throws Problem temporal_timeout, or what `work` throws */
  async ask<T>(work: (signal: AbortSignal) => Promise<T>, ms: number = this.#ms): Promise<T> {
    const late = new AbortController();
    const failed = new Promise<never>((_resolve, reject) => {
      late.signal.addEventListener('abort', () => reject(late.signal.reason), { once: true });
    });
    const timer = setTimeout(() => late.abort(timedOut(ms)), ms + GRACE_MS);
    try {
      const { connection } = this.turns.client;
      return await Promise.race([connection.withDeadline(Date.now() + ms, () => work(late.signal)), failed]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Those who ask the same at once share the answer. */
  async once<T>(what: string, work: () => Promise<T>): Promise<T> {
    const known = this.#shared.get(what);
    if (known) return known as Promise<T>;
    const asked = work();
    this.#shared.set(what, asked);
    try {
      return await asked;
    } finally {
      this.#shared.delete(what);
    }
  }

  /**
   * As `ask`, for what a worker has to answer.
   * @throws NoWorkerError when it does not, and none is there
   */
  async askWorker<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.ask(work);
    } catch (error) {
      const { temporal, worker } = await this.readiness();
      throw temporal && !worker ? new NoWorkerError(this.turns.taskQueue) : error;
    }
  }

  readiness(): Promise<Readiness> {
    return this.once('readiness', () => this.#readiness());
  }

  async #readiness(): Promise<Readiness> {
    try {
      await this.ask(() => this.turns.checkWorker(), READINESS_MS);
      return { temporal: true, worker: true };
    } catch (error) {
      return { temporal: error instanceof NoWorkerError, worker: false };
    }
  }
}

function timedOut(ms: number): Problem {
  return new Problem('temporal_timeout', `No answer within ${ms} ms.`);
}
