// I9: the workflow bundle holds no openai and no node code.

import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { expect, test } from 'vitest';

const workflowsPath = fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url));
/** Temporal's own, and what they need. */
const ALLOWED_PACKAGES = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc'];
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Module paths as webpack lists them in the bundle's source map. */
async function bundledModules(): Promise<readonly string[]> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: silent });
  const map = /sourceMappingURL=data:application\/json;charset=utf-8;base64,([\w+/=]+)/.exec(code)?.[1] ?? '';
  const { sources }: { sources: string[] } = JSON.parse(Buffer.from(map, 'base64').toString());
  return sources;
}

test('the workflow bundle holds our workflows, and of others only what belongs into the sandbox', async () => {
  const modules = await bundledModules();
  expect(modules.some((path) => path.includes('src/workflows/'))).toBe(true);
  expect(
    modules.filter((path) => /node_modules\/openai\/|\bnode:|src\/(activities|agents|client)\//.test(path)),
  ).toEqual([]);
  const packages = modules.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(packages)].toSorted()).toEqual(ALLOWED_PACKAGES);
});
