// A worker with one plain agent, in a process that tests kill.

import { defineAgent } from '../../src/index.js';
import { runWorker } from './run-worker.js';

await runWorker({ agents: [defineAgent({ name: 'assistant', model: 'scripted' })] });
