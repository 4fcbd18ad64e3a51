// One Temporal server for all test files of a project. There is no skipping: a run without it fails.

import { startTemporal } from '../../src/dev/index.js';
import type { TestProject } from 'vitest/node';

export default async function startTemporalForTests(project: TestProject): Promise<() => Promise<void>> {
  const temporal = await startTemporal({ log: (line) => console.log(line) });
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalNamespace', temporal.namespace);
  return () => temporal.stop();
}
