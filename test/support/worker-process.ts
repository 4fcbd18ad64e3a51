// Worker processes of this folder, on the Temporal server of the test run.

import { inject } from 'vitest';
import { startKillableProcess } from '../../src/testing/index.js';
import type { KillableProcess } from '../../src/testing/index.js';
import { programArgs } from './programs.js';

export interface WorkerProcess {
  /** Sends the signal and waits for the process's end. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Fulfilled when the process has ended, however. */
  readonly exited: Promise<unknown>;
}

interface Program {
  /** Name of a file beside this one. */
  readonly main: string;
  /** `BUNDLE: ''` for workers that cannot share the run's bundle of workflows: they make their own, or have none. */
  readonly env: Readonly<Record<string, string>>;
}

const WORKER: Program = { main: 'worker-main', env: {} };

export async function startWorkerProcess(
  taskQueue: string,
  baseUrl: string,
  program: Program = WORKER,
): Promise<WorkerProcess> {
  const child = await startProgram(taskQueue, baseUrl, program);
  return {
    exited: child.exited,
    end: (signal) => (signal === 'SIGKILL' ? child.kill() : child.stop()),
  };
}

/** `address`: a Temporal server, or a proxy to one; default: the server of the test run. */
export function startProgram(
  taskQueue: string,
  baseUrl: string,
  { main, env }: Program = WORKER,
  address = inject('temporalAddress'),
): Promise<KillableProcess> {
  return startKillableProcess({
    args: programArgs(`test/support/${main}.ts`, inject('programs')),
    env: {
      ADDRESS: address,
      NAMESPACE: inject('temporalNamespace'),
      TASK_QUEUE: taskQueue,
      BASE_URL: baseUrl,
      BUNDLE: inject('workflowBundle'),
      ...env,
    },
    ready: /^worker up$/m,
  });
}

/** Starts another process whenever one has ended. */
export function keepWorkerUp(taskQueue: string, baseUrl: string, program: Program) {
  let current: WorkerProcess | undefined;
  const stop = new AbortController();
  let deaths = 0;
  const running = (async () => {
    while (!stop.signal.aborted) {
      current = await startWorkerProcess(taskQueue, baseUrl, program);
      if (stop.signal.aborted) await current.end('SIGTERM');
      await current.exited;
      if (!stop.signal.aborted) deaths += 1;
    }
  })();
  return {
    get deaths() {
      return deaths;
    },
    async stop(): Promise<void> {
      stop.abort();
      await current?.end('SIGTERM');
      await running;
    },
  };
}
