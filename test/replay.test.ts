// I8: every stored history of an earlier release replays, so that a deploy never strands a turn that runs.
// They are written by `npm run histories`, before a release.

import { readdirSync, readFileSync } from 'node:fs';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { WORKFLOWS_PATH } from '../src/plugin/bundling.js';
import { scenarios } from './histories/scenarios.js';
import { quietRuntime } from './support/rig.js';

const folder = new URL('./histories/', import.meta.url);
const releases = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  quietRuntime();
  workflowBundle = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: silent });
});

const stored = (release: string, file: string): { id: string; history: object } =>
  JSON.parse(readFileSync(new URL(`${release}/${file}`, folder), 'utf8'));

describe.each(releases)('a turn of release %s', (release) => {
  const files = readdirSync(new URL(`${release}/`, folder));

  test.each(files)('replays: %s', async (file) => {
    const { id, history } = stored(release, file);
    await Worker.runReplayHistory({ workflowBundle }, history, id);
  });
});

test('there is a history for everything that our workflows do', () => {
  const kept = new Set(releases.flatMap((release) => readdirSync(new URL(`${release}/`, folder))));
  expect(Object.keys(scenarios).filter((name) => !kept.has(`${name}.json`))).toEqual([]);
});

test('code that gives other commands than the history holds does not replay', async () => {
  const { id, history } = stored(releases[0] ?? '', 'parallel-tools.json');
  const other = JSON.parse(JSON.stringify(history).replaceAll('"name":"note"', '"name":"another"'));
  await expect(Worker.runReplayHistory({ workflowBundle }, other, id)).rejects.toThrow(/[Nn]ondeterminis/);
});
