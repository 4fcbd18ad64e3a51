/** Processes that a test kills, stops for a while and starts again: a worker above all. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from '../../dev/index.js';
import type { ServerProcess } from '../../dev/index.js';

/** What can be killed, paused and started again, in the same place as before. */
export interface Killable {
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** SIGKILL: gone without a word. Resolves when it is gone; does nothing when it is. */
  kill(): Promise<void>;
  /** SIGSTOP: alive, but it does nothing, as on a machine that sleeps. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Ends what still runs, and starts it again. Resolves when it is up; rejects when it does not come up. */
  restart(): Promise<void>;
  /** SIGTERM, and after 5 s SIGKILL. Resolves when it is gone; may be called again. */
  stop(): Promise<void>;
}

/** Which program, and how it is known to be up. */
export interface KillableProcessOptions {
  /** Of Node, e.g. `['worker.js']` or `['--import', 'tsx', 'worker.ts']`. */
  readonly args: readonly string[];
  /** Default: the `node` that runs now. */
  readonly file?: string;
  /** Added to `process.env`. */
  readonly env?: Readonly<Record<string, string>>;
  /** It is up when a line that it writes matches. Default: when it has written anything. */
  readonly ready?: RegExp;
  /** How long it may take to be up, in milliseconds. Default: 60 seconds. */
  readonly readyMs?: number;
}

const READY_MS = 60_000;
const LOOK_MS = 20;

/** A Node program in a process of its own. */
export class KillableProcess implements Killable {
  readonly #options: KillableProcessOptions;
  #process: ServerProcess | undefined;
  /** Ended by a method of this object. */
  #ended = new WeakSet<ServerProcess>();
  #diedAlone: string | undefined;

  /** Use `startKillableProcess`, which waits until it is up. */
  constructor(options: KillableProcessOptions) {
    this.#options = options;
  }

  get pid(): number {
    return this.#running().pid;
  }

  /** The last 60 lines that it wrote to stdout and stderr. */
  get output(): string {
    return this.#running().logTail();
  }

  /**
   * How it ended and its last words, if it ever ended by itself when it was up: of an unhandled rejection, for example. To be
   * looked at at the end of a test.
   */
  get diedAlone(): string | undefined {
    return this.#diedAlone;
  }

  /** Resolves with how the process that runs now has ended: `exit code 1`, `signal SIGKILL`. */
  get exited(): Promise<string> {
    return this.#running().ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    const { file = process.execPath, args, env, ready = /./, readyMs = READY_MS } = this.#options;
    const started = await startProcess(file, args, { ...process.env, ...env });
    this.#process = started;
    let gone = false;
    let up = false;
    void started.ended.then((how) => {
      gone = true;
      // It may have come up since the last look.
      up ||= ready.test(started.logTail());
      if (up && !this.#ended.has(started)) this.#diedAlone ??= `${how}\n${started.logTail()}`;
    });
    for (const deadline = Date.now() + readyMs; !up; up = ready.test(started.logTail())) {
      if (gone) throw new Error(`${args.join(' ')} ended before it was up:\n${started.logTail()}`);
      if (Date.now() > deadline) {
        await this.kill();
        throw new Error(`${args.join(' ')} was not up after ${readyMs} ms:\n${started.logTail()}`);
      }
      await sleep(LOOK_MS);
    }
  }

  async kill(): Promise<void> {
    if (!this.#process) return;
    this.#ended.add(this.#process);
    signal(this.#process.pid, 'SIGKILL');
    await this.#process.ended;
  }

  pause(): void {
    signal(this.#running().pid, 'SIGSTOP');
  }

  resume(): void {
    signal(this.#running().pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    if (!this.#process) return;
    this.#ended.add(this.#process);
    // A paused process hears nothing else.
    signal(this.#process.pid, 'SIGCONT');
    await this.#process.stop();
  }

  #running(): ServerProcess {
    if (!this.#process) throw new Error('The process has not been started.');
    return this.#process;
  }
}

/**
 * Starts a program in a process of its own and waits until it is up. It ends with this process at the latest.
 * @throws Error with its last words, when it does not come up
 */
export async function startKillableProcess(options: KillableProcessOptions): Promise<KillableProcess> {
  const started = new KillableProcess(options);
  await started.restart();
  return started;
}

/** A process that is gone takes no signal, which is what was wanted. */
export function signal(pid: number, name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
