// All processes of a chaos run, and the proxies between them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { TurnClient } from '../../src/client/index.js';
import {
  ScriptedResponsesServer,
  startKillableProcess,
  startKillableTemporal,
  startProxy,
} from '../../src/testing/index.js';
import type { KillableProcess, KillableTemporal, Script, TcpProxy } from '../../src/testing/index.js';
import { bundleInto } from '../support/bundle-into.js';
import { programArgs } from '../support/programs.js';
import { chaosAgents } from './agents.js';
import { chaosScript } from './script.js';
import { Watching } from './watching.js';

const TASK_QUEUE = 'chaos';

export interface Stage {
  readonly dir: string;
  readonly temporal: KillableTemporal;
  readonly model: ScriptedResponsesServer;
  readonly workers: readonly KillableProcess[];
  readonly watching: Watching;
  readonly proxies: {
    /** Between the workers and the model. */
    readonly model: TcpProxy;
    /** Between the workers and Temporal. */
    readonly worker: TcpProxy;
    /** Between the watcher and Temporal. */
    readonly watcher: TcpProxy;
  };
  /** Straight to Temporal. */
  readonly turns: TurnClient;
  /** Turns of which an activity may have been reset. */
  readonly resets: Set<string>;
  stop(): Promise<void>;
}

export interface StageOptions {
  readonly workerCount: number;
  readonly script?: Script;
  /** Folder of compiled programs. Default: tsx runs them. */
  readonly programs?: string | undefined;
}

export async function setStage({
  workerCount,
  script = chaosScript,
  programs,
}: StageOptions): Promise<Stage> {
  const closing: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).toReversed()) await close();
  };
  try {
    const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
    closing.push(() => rmSync(dir, { recursive: true }));
    const temporal = await startKillableTemporal({
      dbFilename: join(dir, 'temporal.db'),
      // A workflow task that died with its worker is noticed sooner than after 10 s.
      dynamicConfig: { 'history.defaultWorkflowTaskTimeout': '2s' },
    });
    closing.push(() => temporal.stop());
    const model = await ScriptedResponsesServer.start({ script });
    closing.push(() => model.stop());
    const proxyTo = async (target: string): Promise<TcpProxy> => {
      const proxy = await startProxy({ target });
      closing.push(() => proxy.stop());
      return proxy;
    };
    const proxies = {
      model: await proxyTo(model.url),
      worker: await proxyTo(temporal.address),
      watcher: await proxyTo(temporal.address),
    };
    const env = {
      ADDRESS: proxies.worker.address,
      NAMESPACE: temporal.namespace,
      TASK_QUEUE,
      BASE_URL: proxies.model.url,
      BUNDLE: await bundleInto(
        dir,
        chaosAgents(() => Promise.resolve()),
      ),
      LEDGER: dir,
    };
    const args = programArgs('test/chaos/worker.ts', programs);
    const workers: KillableProcess[] = [];
    for (let n = 0; n < workerCount; n += 1) {
      const worker = await startKillableProcess({ args, env, ready: /^worker up$/m });
      closing.push(() => worker.stop());
      workers.push(worker);
    }
    const watching = await Watching.start(
      programArgs('test/chaos/watcher.ts', programs),
      proxies.watcher.address,
      temporal.namespace,
    );
    closing.push(() => watching.stop());
    const connection = await Connection.connect({ address: temporal.address });
    closing.push(() => connection.close());
    const client = new Client({ connection, namespace: temporal.namespace });
    const turns = new TurnClient({ client, taskQueue: TASK_QUEUE });
    return { dir, temporal, model, workers, watching, proxies, turns, resets: new Set<string>(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
