// The process that watches, as the run talks to it.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { TurnEndEvent } from '../../src/events/turn-event.js';

export interface ToWatcher {
  readonly turnId: string;
  /** When it leaves and comes back. */
  readonly seed: number;
}

/** What was seen of a turn, to its end. */
export interface Seen {
  readonly turnId: string;
  /** What did not agree. */
  readonly problems: readonly string[];
  /** Of the activities that ask the model. */
  readonly attempts: number;
  /** Steps that were void in the end. */
  readonly superseded: number;
  /** Steps that started again, as only those of a turn may that was reset. */
  readonly startedAgain?: readonly string[];
  readonly end?: TurnEndEvent;
}

type FromWatcher = Seen | { readonly rss: number } | { readonly up: true };

export class Watching {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<string, (seen: Seen) => void>();
  /** Of the process, once a second, in bytes. */
  readonly rss: number[] = [];

  private constructor(child: ChildProcess) {
    this.#process = child;
    child.on('message', (message: FromWatcher) => {
      if ('rss' in message) this.rss.push(message.rss);
      if (!('turnId' in message)) return;
      this.#waiting.get(message.turnId)?.(message);
      this.#waiting.delete(message.turnId);
    });
    child.once('exit', (code, signal) => {
      const problems = [`the watcher ended with ${code ?? signal}`];
      for (const [turnId, tell] of this.#waiting) tell({ turnId, problems, attempts: 0, superseded: 0 });
    });
  }

  /** @param args Of Node. */
  static async start(args: readonly string[], address: string, namespace: string): Promise<Watching> {
    const child = spawn(process.execPath, args, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ADDRESS: address, NAMESPACE: namespace },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the watcher ended with ${code} before it was up`)));
    });
    return new Watching(child);
  }

  watch(turn: ToWatcher): Promise<Seen> {
    return new Promise((resolve) => {
      this.#waiting.set(turn.turnId, resolve);
      this.#process.send(turn);
    });
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}
