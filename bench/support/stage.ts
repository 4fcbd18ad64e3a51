/** What a figure is taken on: an embedded Temporal server, a model, a worker and a watcher, each a process. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { startTemporal } from '../../src/dev/index.js';
import type { StartTemporalOptions } from '../../src/dev/index.js';
import { toNumber } from '../../src/history/event-time.js';
import type { ModelCalls } from '../processes/model.js';
import type { Followed, Follow, WatcherCalls } from '../processes/watcher.js';
import type { WorkerCalls } from '../processes/worker.js';
import { Child } from './child.js';

export interface Stage {
  readonly address: string;
  /** Where the turns are, for a process that joins. */
  readonly env: Readonly<Record<'ADDRESS' | 'NAMESPACE' | 'TASK_QUEUE', string>>;
  readonly model: Child<ModelCalls>;
  readonly worker: Child<WorkerCalls>;
  readonly watcher: Child<WatcherCalls>;
  /** Runs `count` turns of one prompt side by side, and watches them. */
  turns(count: number, follow: Omit<Follow, 'turnIds'>): Promise<Followed & { readonly turnIds: string[] }>;
  /** Events and bytes of a turn's history, as Temporal counts them. */
  history(turnId: string): Promise<{ readonly events: number; readonly bytes: number }>;
}

/** Gives `use` a stage of its own, whose first turn (the compiling one) is over. */
export async function onStage<T>(
  use: (stage: Stage) => Promise<T>,
  options: StartTemporalOptions = {},
): Promise<T> {
  const temporal = await startTemporal(options);
  const undo: (() => Promise<unknown>)[] = [() => temporal.stop()];
  const kept = async <C extends { stop(): Promise<void> }>(child: Promise<C>): Promise<C> => {
    const started = await child;
    undo.push(() => started.stop());
    return started;
  };
  try {
    const { address, namespace } = temporal;
    const env = { ADDRESS: address, NAMESPACE: namespace, TASK_QUEUE: 'bench' };
    const model = await kept(Child.start<ModelCalls>('model.ts', {}));
    const baseUrl = await model.ask('url');
    const worker = await kept(Child.start<WorkerCalls>('worker.ts', { ...env, BASE_URL: baseUrl }));
    const watcher = await kept(Child.start<WatcherCalls>('watcher.ts', env));
    const connection = await Connection.connect({ address });
    undo.push(() => connection.close());
    const client = new Client({ connection, namespace });
    const stage: Stage = {
      address,
      env,
      model,
      worker,
      watcher,
      turns: async (count, follow) => {
        const turnIds = Array.from({ length: count }, () => `turn-${randomUUID()}`);
        return { ...(await watcher.ask('follow', { ...follow, turnIds })), turnIds };
      },
      history: async (turnId) => {
        const { raw } = await client.workflow.getHandle(turnId).describe();
        const info = raw.workflowExecutionInfo;
        return { events: toNumber(info?.historyLength), bytes: toNumber(info?.historySizeBytes) };
      },
    };
    await stage.turns(5, { prompt: 'plain', watchers: 1 });
    await stage.turns(1, { prompt: 'stream 50 50', watchers: 1 });
    return await use(stage);
  } finally {
    for (const one of undo.toReversed()) await one();
  }
}
