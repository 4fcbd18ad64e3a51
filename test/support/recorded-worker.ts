// A worker with the agents of all recorded turns, in a process that tests kill.

import { killableAgents } from './cut-recordings.js';
import { runWorker } from './run-worker.js';

await runWorker({ agents: killableAgents() });
