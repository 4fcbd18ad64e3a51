import { defineConfig } from 'vitest/config';

const pure = ['src/**/*.test.ts', 'test/architecture.test.ts', 'test/docs.test.ts'];
const setupFiles = ['test/support/clean-env.ts'];

/** Tests that need a Temporal server and something that speaks the Responses API. */
const withServers = (responses: string) => ({
  setupFiles,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  globalSetup: ['test/support/global-setup.ts', responses],
});

export default defineConfig({
  test: {
    // Most of a test's time is waiting for servers, so there is room for more than the cores.
    maxWorkers: 3,
    projects: [
      // Pure tests leave nothing behind: their processes and modules serve for all files.
      { test: { name: 'unit', include: pure, setupFiles, testTimeout: 60_000, isolate: false } },
      {
        test: {
          name: 'server',
          include: ['test/*.test.ts', 'test/e2e/*.test.ts'],
          exclude: pure,
          ...withServers('test/support/scripted-setup.ts'),
        },
      },
      {
        test: {
          name: 'python',
          include: ['test/python/*.test.ts'],
          ...withServers('test/support/scripted-setup.ts'),
        },
      },
      {
        test: {
          name: 'histories',
          include: ['test/histories/*.test.ts'],
          ...withServers('test/support/scripted-setup.ts'),
        },
      },
      {
        test: {
          name: 'fixtures',
          include: ['test/fixtures/*.test.ts'],
          ...withServers('test/support/scripted-setup.ts'),
        },
      },
      {
        test: {
          name: 'viewer',
          include: ['test/viewer/*.test.ts'],
          // A browser on a busy machine takes its time.
          expect: { poll: { timeout: 30_000 } },
          ...withServers('test/support/scripted-setup.ts'),
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/*.test.ts'],
          globalSetup: ['test/package/install.ts'],
          setupFiles,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: {
          name: 'llama-stack',
          include: ['test/e2e/*.test.ts'],
          // Files side by side took ten times as long for their first turns, and once met a 500 of the busy server.
          fileParallelism: false,
          ...withServers('test/support/llama-stack-setup.ts'),
        },
      },
    ],
  },
});
