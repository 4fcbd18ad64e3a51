// Starts and ends worker processes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

export interface WorkerProcess {
  /** Sends the signal and waits for the process's end. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Fulfilled when the process has ended, however. */
  readonly exited: Promise<unknown>;
}

interface Program {
  /** Name of a file beside this one. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
}

const WORKER: Program = { main: 'worker-main', env: {} };

export async function startWorkerProcess(
  taskQueue: string,
  baseUrl: string,
  { main, env }: Program = WORKER,
): Promise<WorkerProcess> {
  const path = fileURLToPath(new URL(`./${main}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...env,
      ADDRESS: inject('temporalAddress'),
      NAMESPACE: inject('temporalNamespace'),
      TASK_QUEUE: taskQueue,
      BASE_URL: baseUrl,
    },
  });
  const exited = once(child, 'exit');
  const ended = exited.then(() => {
    throw new Error('the worker process ended before it was up');
  });
  const up = once(createInterface({ input: child.stdout }), 'line');
  await Promise.race([up, ended]);
  ended.catch(() => undefined);
  return {
    exited,
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
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
