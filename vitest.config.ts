import { defineConfig } from 'vitest/config';

const server = { testTimeout: 120_000, hookTimeout: 120_000, globalSetup: ['test/support/global-setup.ts'] };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts'] } },
      { test: { name: 'server', include: ['test/*.test.ts', 'test/e2e/*.test.ts'], ...server } },
      { test: { name: 'fixtures', include: ['test/fixtures/*.test.ts'], ...server } },
      { test: { name: 'llama-stack', include: ['test/e2e/*.test.ts'], ...server } },
    ],
  },
});
