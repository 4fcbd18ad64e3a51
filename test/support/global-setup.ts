// What all test files of a project share: one Temporal server, our workflows as one bundle, and the programs that
// run in processes of their own. There is no skipping: a run without the server fails.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { startTemporal } from '../../src/dev/index.js';
import { WORKFLOWS_PATH } from '../../src/plugin/bundling.js';
import { compilePrograms } from './programs.js';

const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'durable-turns-test-'));
  const programs = join(folder, 'programs');
  const [temporal, { code }] = await Promise.all([
    startTemporal({ log: (line) => console.log(line) }),
    bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: silent }),
    compilePrograms(programs),
  ]);
  const bundle = join(folder, 'workflows.cjs');
  writeFileSync(bundle, code);
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalNamespace', temporal.namespace);
  project.provide('workflowBundle', bundle);
  project.provide('programs', programs);
  return async () => {
    await temporal.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
