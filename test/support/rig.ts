// One worker with the plugin, a client and a scripted model of its own: what most server tests need.

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { inject } from 'vitest';
import { TurnClient } from '../../src/client/index.js';
import { DurableTurnsPlugin } from '../../src/index.js';
import type { Agent, DurableTurnsOptions, Tool } from '../../src/index.js';

let quiet = false;

/** Warnings and errors only: the SDK otherwise prints a page for each worker. */
export function quietRuntime(): void {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  quiet = true;
}

export interface Rig {
  readonly taskQueue: string;
  readonly client: Client;
  readonly turns: TurnClient;
  readonly worker: Worker;
  /** Shuts the worker down and leaves the client: what is read afterwards is read without a worker. */
  stopWorker(): Promise<void>;
  stop(): Promise<void>;
}

export interface RigOptions {
  readonly agents?: readonly Agent[];
  readonly tools?: readonly Tool[];
  readonly openai?: DurableTurnsOptions['openai'];
  readonly worker?: Partial<WorkerOptions>;
  readonly taskQueue?: string;
  /** Default: the Temporal server of the run. */
  readonly address?: string;
}

export async function startRig({
  agents = [],
  tools = [],
  openai,
  worker: extra,
  taskQueue = `rig-${randomUUID()}`,
  address = inject('temporalAddress'),
}: RigOptions): Promise<Rig> {
  quietRuntime();
  const namespace = inject('temporalNamespace');
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({
    address,
    channelArgs: { 'grpc.max_receive_message_length': 128 * 1024 * 1024 },
  });
  const client = new Client({ connection, namespace });
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    shutdownGraceTime: '100ms',
    plugins: [new DurableTurnsPlugin({ agents, tools, ...(openai ? { openai } : {}) })],
    ...(needsOwnBundle(agents, extra) ? {} : { workflowBundle: { codePath: inject('workflowBundle') } }),
    ...extra,
  });
  const running = worker.run();
  let stopped = false;
  const stopWorker = async (): Promise<void> => {
    if (stopped) return running;
    stopped = true;
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  return {
    taskQueue,
    client,
    turns: new TurnClient({ client, taskQueue }),
    worker,
    stopWorker,
    stop: async () => {
      await stopWorker();
      await connection.close();
      await native.close();
    },
  };
}

/** Bundling takes a second or two, which nearly all tests can share: those with other workflows cannot. */
function needsOwnBundle(agents: readonly Agent[], extra: Partial<WorkerOptions> = {}): boolean {
  const { workflowsPath, workflowBundle, bundlerOptions, plugins } = extra;
  if (workflowsPath ?? workflowBundle ?? bundlerOptions ?? plugins) return true;
  return agents.length === 0 || agents.some(({ inference }) => inference?.heartbeatTimeout !== undefined);
}
