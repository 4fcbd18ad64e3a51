// A worker in a process of its own, to be killed while turns are cancelled: node --import tsx cancel-worker.ts
// ADDRESS, NAMESPACE, TASK_QUEUE and BASE_URL say where it works.

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { DurableTurnsPlugin } from '../../src/index.js';
import { CANCELLED_AGENTS } from './cancel-agents.js';

const { ADDRESS, NAMESPACE, TASK_QUEUE, BASE_URL } = process.env;
if (!ADDRESS || !NAMESPACE || !TASK_QUEUE || !BASE_URL) throw new Error('a setting is missing');

Runtime.install({ logger: new DefaultLogger('ERROR') });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: ADDRESS }),
  namespace: NAMESPACE,
  taskQueue: TASK_QUEUE,
  plugins: [new DurableTurnsPlugin({ agents: CANCELLED_AGENTS, openai: { apiKey: 'k', baseURL: BASE_URL } })],
});
console.log('worker up');
await worker.run();
