// The test file of docs/testing.md, run as a reader would run it.

import { expect, onTestFinished, test } from 'vitest';
import { unpackDocs } from './support/docs-blocks.js';
import { runScript } from './support/run-script.js';

test('the test of docs/testing.md passes, on servers of its own', async () => {
  const docs = unpackDocs(['docs/testing.md']);
  onTestFinished(() => docs.remove());
  const run = await runScript(`${docs.dir}/testing/orders-test.ts`);
  expect(run.stdout).toMatch(/# pass 2\b|ℹ pass 2\b/);
  expect(run.exit).toBe(0);
});
