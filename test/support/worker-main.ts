// A worker in a process of its own, so that a test can kill it: node --import tsx worker-main.ts
// ADDRESS, NAMESPACE, TASK_QUEUE and BASE_URL say where it works.

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { defineAgent, DurableTurnsPlugin } from '../../src/index.js';

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

Runtime.install({ logger: new DefaultLogger('ERROR') });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: setting('ADDRESS') }),
  namespace: setting('NAMESPACE'),
  taskQueue: setting('TASK_QUEUE'),
  plugins: [
    new DurableTurnsPlugin({
      agents: [defineAgent({ name: 'assistant', model: 'scripted' })],
      openai: { apiKey: 'k', baseURL: setting('BASE_URL') },
    }),
  ],
});
console.log('worker up');
await worker.run();
