// A worker that is killed while turns are cancelled.

import { CANCELLED_AGENTS } from './cancel-agents.js';
import { runWorker } from './run-worker.js';

await runWorker({ agents: CANCELLED_AGENTS });
