// A worker that is killed while the model speaks to its agents. MODEL is their model, MODEL_URLS where they find it.

import { runWorker, setting } from './run-worker.js';
import { killableWeathermen } from './weathermen.js';

await runWorker({ agents: killableWeathermen(setting('MODEL_URLS').split(' '), setting('MODEL')) });
