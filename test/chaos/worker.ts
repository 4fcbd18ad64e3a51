// A worker of a chaos run. Its tools leave their traces in the folder LEDGER. A rejection that nobody handles ends
// it, as it does any process of Node.

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runWorker, setting } from '../support/run-worker.js';
import { chaosAgents } from './agents.js';

const ledger = setting('LEDGER');

const agents = chaosAgents(async ({ idempotencyKey }) => {
  appendFileSync(join(ledger, 'attempts'), `${idempotencyKey}\n`);
  await sleep(50);
  // One entry for each key, as a service keeps it that is called twice.
  writeFileSync(join(ledger, `entry-${encodeURIComponent(idempotencyKey)}`), '');
  await sleep(50);
});

await runWorker({ agents });
