// A worker of a chaos run: node --import tsx worker.ts. ADDRESS, NAMESPACE, TASK_QUEUE, BASE_URL, BUNDLE and LEDGER
// say where it works. A rejection that nobody handles ends it, as it does any process of Node.

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { DurableTurnsPlugin } from '../../src/index.js';
import { chaosAgents } from './agents.js';

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const ledger = setting('LEDGER');

const agents = chaosAgents(async ({ idempotencyKey }) => {
  appendFileSync(join(ledger, 'attempts'), `${idempotencyKey}\n`);
  await sleep(50);
  // One entry for each key, as a service keeps it that is called twice.
  writeFileSync(join(ledger, `entry-${encodeURIComponent(idempotencyKey)}`), '');
  await sleep(50);
});

Runtime.install({ logger: new DefaultLogger('ERROR') });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: setting('ADDRESS') }),
  namespace: setting('NAMESPACE'),
  taskQueue: setting('TASK_QUEUE'),
  workflowBundle: { codePath: setting('BUNDLE') },
  stickyQueueScheduleToStartTimeout: '1s',
  plugins: [new DurableTurnsPlugin({ agents, openai: { apiKey: 'k', baseURL: setting('BASE_URL') } })],
});
console.log('worker up');
await worker.run();
