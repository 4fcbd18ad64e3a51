// Starts and ends worker processes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const MAIN = fileURLToPath(new URL('./worker-main.ts', import.meta.url));

export interface WorkerProcess {
  /** Sends the signal and waits for the process's end. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

export async function startWorkerProcess(taskQueue: string, baseUrl: string): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
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
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}
