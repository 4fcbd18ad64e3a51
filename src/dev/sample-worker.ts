/** A worker with the sample agent, in this process, and a client for its turns. */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { TurnClient } from '../client/index.js';
import { DurableTurnsPlugin } from '../index.js';
import type { DurableTurnsOptions } from '../index.js';
import { sampleAgent } from './sample-agent.js';

export interface SampleWorkerOptions {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly model: string;
  /** Default: OPENAI_API_KEY and OPENAI_BASE_URL. */
  readonly openai?: DurableTurnsOptions['openai'];
}

export interface SampleWorker {
  readonly turns: TurnClient;
  /** Rejects when the worker fails; resolves when it has stopped. */
  readonly running: Promise<void>;
  /** What runs is given a second to finish. */
  stop(): Promise<void>;
}

const RECEIVE_BYTES = 128 * 1024 * 1024;

export async function startSampleWorker(options: SampleWorkerOptions): Promise<SampleWorker> {
  const { address, namespace, taskQueue, model, openai } = options;
  // Whoever starts the worker stops it: on Ctrl-C the gateway has to go first.
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({
    address,
    channelArgs: { 'grpc.max_receive_message_length': RECEIVE_BYTES },
  });
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    shutdownGraceTime: '1s',
    plugins: [new DurableTurnsPlugin({ agents: [sampleAgent(model)], ...(openai ? { openai } : {}) })],
  });
  const running = worker.run();
  // Whoever looks at `running` may do so later.
  running.catch(() => undefined);
  return {
    turns: new TurnClient({ client: new Client({ connection, namespace }), taskQueue }),
    running,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running.catch(() => undefined);
      await connection.close();
      await native.close();
    },
  };
}
