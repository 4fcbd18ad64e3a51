// One bundle for worker processes that are started again and again: each would else make its own.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { DurableTurnsPlugin } from '../../src/index.js';
import type { Agent } from '../../src/index.js';

/** The path of the bundle, for the worker's option `workflowBundle`. */
export async function bundleInto(dir: string, agents: readonly Agent[]): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    plugins: [new DurableTurnsPlugin({ agents, openai: { apiKey: 'k' } })],
    logger: new DefaultLogger('ERROR'),
  });
  const path = join(dir, 'workflows.js');
  writeFileSync(path, code);
  return path;
}
