// Writes the histories of a release: `npm run histories` fills test/histories/<version of package.json>.
// Histories of a version that is out are never written again: they are what its users have in their clusters.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScriptedResponsesServer, startTemporal } from '../../src/testing/index.js';
import type { EmbeddedTemporal } from '../../src/testing/index.js';
import { startRig } from '../support/rig.js';
import type { Rig } from '../support/rig.js';
import type { Lab } from './scenarios.js';
import { agents, modelScript, scenarios } from './scenarios.js';

const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
const folder = new URL(`./${version}/`, import.meta.url);
let lab: Lab;
let temporal: EmbeddedTemporal | undefined;

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const model = await ScriptedResponsesServer.start({ script: modelScript });
  const openai = { apiKey: 'k', baseURL: model.url };
  const options = { agents, openai, worker: { identity: 'worker' } };
  temporal = await startTemporal({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 30 } });
  const shortRuns = await startRig({ ...options, address: temporal.address });
  const rig = await startRig(options);
  lab = { rig, shortRuns, model };
});

afterAll(async () => {
  await lab?.rig.stop();
  await lab?.shortRuns.stop();
  await lab?.model.stop();
  await temporal?.stop();
});

test.each(Object.entries(scenarios))('%s', async (name, scenario) => {
  const ids = await scenario(lab);
  expect(ids.length).toBeGreaterThan(0);
  const client = name.includes('many-runs') || name === 'continued-as-new' ? lab.shortRuns : lab.rig;
  const runs = await Promise.all(ids.map(async (id) => ({ id, runs: await runsOf(client, id) })));
  const histories = runs.flatMap(({ id, runs: ofId }) => ofId.map((history) => ({ id, history })));
  for (const [n, { id, history }] of histories.entries()) {
    const file = new URL(`${name}${n === 0 ? '' : `.${n}`}.json`, folder);
    writeFileSync(file, JSON.stringify({ id, history: anonymous(historyToJSON(history)) }));
  }
});

/** The histories of all runs of a workflow, the first one first. */
async function runsOf({ client: { workflow } }: Rig, id: string) {
  const runs = [await workflow.getHandle(id).fetchHistory()];
  for (;;) {
    const before =
      runs[0]?.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    if (before === undefined) return runs;
    runs.unshift(await workflow.getHandle(id, before).fetchHistory());
  }
}

/** Without the machine that it was written on: its name, and its folders in stack traces. */
function anonymous(history: string): object {
  const events: object = JSON.parse(history, (key, value: unknown) => {
    if (key === 'identity') return 'somebody';
    return key === 'stackTrace' ? '' : value;
  });
  return events;
}
