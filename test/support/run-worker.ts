// The one worker of a process that tests start, pause and kill: node --import tsx SOME-worker.ts. ADDRESS, NAMESPACE,
// TASK_QUEUE and BASE_URL say where it works; BUNDLE is the path of its workflows, which it else bundles itself.

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { DurableTurnsPlugin } from '../../src/index.js';
import type { DurableTurnsOptions } from '../../src/index.js';

interface WorkerProcessOptions extends Pick<DurableTurnsOptions, 'agents' | 'tools'> {
  /** After ours: what it does comes last. */
  readonly plugins?: NonNullable<WorkerOptions['plugins']>;
}

/** Of the environment. @throws Error where it is missing. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Resolves after SIGTERM, when the worker has shut down. */
export async function runWorker({ plugins = [], ...options }: WorkerProcessOptions): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { BUNDLE } = process.env;
  const connection = await NativeConnection.connect({ address: setting('ADDRESS') });
  const openai = { apiKey: 'k', baseURL: setting('BASE_URL') };
  const worker = await Worker.create({
    connection,
    namespace: setting('NAMESPACE'),
    taskQueue: setting('TASK_QUEUE'),
    // Workflow tasks soon leave a worker that died.
    stickyQueueScheduleToStartTimeout: '1s',
    plugins: [new DurableTurnsPlugin({ ...options, openai }), ...plugins],
    ...(BUNDLE ? { workflowBundle: { codePath: BUNDLE } } : {}),
  });
  console.log('worker up');
  await worker.run();
  await connection.close();
}
