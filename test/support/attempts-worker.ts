// A worker of activities alone, in a process that tests kill, pause and shut down. Workflow tasks are left to the
// test's own worker: they would else wait for the dead one.

import { attemptsAgents } from './attempts-agents.js';
import { runWorker } from './run-worker.js';

await runWorker({
  agents: attemptsAgents({ die: () => void process.kill(process.pid, 'SIGKILL') }),
  plugins: [
    {
      name: 'activities-only',
      configureWorker: ({ workflowsPath: _ours, ...options }) => options,
    },
  ],
});
