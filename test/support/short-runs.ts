// A Temporal server on which workflows continue as new early.

import { onTestFinished } from 'vitest';
import { startTemporal } from '../../src/dev/index.js';
import { startRig } from './rig.js';
import type { Rig, RigOptions } from './rig.js';

/** A rig on a server of its own that suggests another run after so many history events; for the test that asks. */
export async function startRestless(events: number, options: Omit<RigOptions, 'address'>): Promise<Rig> {
  const temporal = await startTemporal({
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': events },
  });
  const restless = await startRig({ ...options, address: temporal.address });
  onTestFinished(async () => {
    await restless.stop();
    await temporal.stop();
  });
  return restless;
}
