/**
 * The worker under test. ADDRESS, NAMESPACE, TASK_QUEUE and BASE_URL say where it works, HEARTBEAT_TIMEOUT how soon
 * its death is to be noticed, in ms.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { defineAgent, defineTool, DurableTurnsPlugin } from '../../src/index.js';
import { memory, serve, setting } from '../support/serve.js';
import { ask } from './ask.js';

const REPORTS = 40;
const REPORT_EVERY_MS = 250;

const quick = defineTool({
  name: 'quick',
  parameters: z.object({ a: z.number() }),
  execute: ({ a }) => a + 1,
});
/** Reports are further apart than signals, so each is published at once. */
const report = defineTool({
  name: 'report',
  parameters: z.object({}),
  execute: async (_args, ctx) => {
    for (let i = 0; i < REPORTS; i++) {
      await sleep(REPORT_EVERY_MS);
      ctx.report({ sent: Date.now() });
    }
    return 'reported';
  },
});

Runtime.install({ logger: new DefaultLogger('ERROR') });
const baseURL = setting('BASE_URL');
const { HEARTBEAT_TIMEOUT } = process.env;
const inference = HEARTBEAT_TIMEOUT ? { heartbeatTimeout: Number(HEARTBEAT_TIMEOUT) } : {};
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: setting('ADDRESS') }),
  namespace: setting('NAMESPACE'),
  taskQueue: setting('TASK_QUEUE'),
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  activities: { ask: ask(baseURL) },
  maxConcurrentActivityTaskExecutions: 400,
  plugins: [
    new DurableTurnsPlugin({
      agents: [
        defineAgent({ name: 'bench', model: 'scripted', tools: [quick, report], inference }),
        defineAgent({ name: 'talker', model: 'scripted', state: 'conversation' }),
      ],
      openai: { apiKey: 'k', baseURL },
    }),
  ],
});
const running = worker.run();
running.catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

const calls = { memory };
export type WorkerCalls = typeof calls;
serve(calls);
