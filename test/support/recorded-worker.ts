// A worker with the agents of all recorded turns, in a process of its own that a test kills:
// node --import tsx recorded-worker.ts. ADDRESS, NAMESPACE, TASK_QUEUE, BASE_URL and BUNDLE say where it works.

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { DurableTurnsPlugin } from '../../src/index.js';
import { killableAgents } from './cut-recordings.js';

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
  workflowBundle: { codePath: setting('BUNDLE') },
  stickyQueueScheduleToStartTimeout: '1s',
  plugins: [
    new DurableTurnsPlugin({
      agents: killableAgents(),
      openai: { apiKey: 'k', baseURL: setting('BASE_URL') },
    }),
  ],
});
console.log('worker up');
await worker.run();
