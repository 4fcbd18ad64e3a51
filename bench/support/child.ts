/** A process of the bench that is asked for things over IPC. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Calls } from './serve.js';

export class Child<C extends Calls<C>> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    process.on('exit', () => {
      for (const [id, tell] of this.#waiting) tell({ id, error: 'the process ended' });
    });
  }

  /** `file` is a path below `bench/processes`; resolves when the process says that it is up. */
  static async start<C extends Calls<C>>(
    file: string,
    env: Readonly<Record<string, string>>,
  ): Promise<Child<C>> {
    const path = fileURLToPath(new URL(`../processes/${file}`, import.meta.url));
    const child = fork(path, {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...env },
      serialization: 'advanced',
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was up`)));
    });
    return new Child(child);
  }

  async ask<K extends keyof C & string>(
    call: K,
    ...[input]: Parameters<C[K]>
  ): Promise<Awaited<ReturnType<C[K]>>> {
    const id = this.#asked++;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.send({ id, call, input });
    });
    if (answer.error !== undefined) throw new Error(`${call}: ${answer.error}`);
    return answer.value as Awaited<ReturnType<C[K]>>;
  }

  /** Asks it to end, and does not wait for that. */
  terminate(): void {
    this.#process.kill('SIGTERM');
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }
}
