// A worker of activities alone, in a process of its own that tests kill, pause and shut down:
// node --import tsx attempts-worker.ts. ADDRESS, NAMESPACE, TASK_QUEUE and BASE_URL say where it works.
// Workflow tasks are left to the test's own worker: they would else wait for the dead one.

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { DurableTurnsPlugin } from '../../src/index.js';
import { attemptsAgents } from './attempts-agents.js';

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

Runtime.install({ logger: new DefaultLogger('ERROR') });
const plugin = new DurableTurnsPlugin({
  agents: attemptsAgents({ die: () => void process.kill(process.pid, 'SIGKILL') }),
  openai: { apiKey: 'k', baseURL: setting('BASE_URL') },
});
const { workflowsPath: _workflows, ...options } = plugin.configureWorker({
  connection: await NativeConnection.connect({ address: setting('ADDRESS') }),
  namespace: setting('NAMESPACE'),
  taskQueue: setting('TASK_QUEUE'),
});
const worker = await Worker.create(options);
process.once('SIGTERM', () => worker.shutdown());
console.log('worker up');
await plugin.runWorker(worker, (running) => running.run());
process.exit();
