// Builds, tests and imports the package with each Node that it promises: npm run test:node [-- 20.19 22 24]
//
// The binaries are those of the npm package `node`, kept in the user's cache and not in this repository. The
// unit tests run whole; of the server tests those that touch most of Node and of the native library.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const VERSIONS = ['20.19', '22', '24'];
const SERVER_TESTS = ['tools', 'interrupted-inference', 'lost-worker', 'openai-versions', 'workflow-bundle'];

const root = join(import.meta.dirname, '..');
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'durable-turns', 'node');
const work = mkdtempSync(join(tmpdir(), 'durable-turns-node-'));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/** Where the package is installed as its users install it: beside its peers, without the repository around it. */
const consumer = join(work, 'consumer');
const CONSUMER = `
import assert from 'node:assert/strict';
import { z } from 'zod';
const doors = ['', '/workflows', '/client', '/events', '/gateway', '/testing', '/otel'];
const [main, ...others] = await Promise.all(doors.map((door) => import('durable-turns' + door)));
const { defineAgent, defineTool, DurableTurnsPlugin } = main;
const tool = defineTool({ name: 'add', parameters: z.object({ a: z.number() }), execute: ({ a }) => a });
const agents = [defineAgent({ name: 'assistant', model: 'm', tools: [tool] })];
assert.equal(new DurableTurnsPlugin({ agents, openai: { apiKey: 'k' } }).name, 'durable-turns');
for (const names of others) assert.ok(Object.keys(names).length > 0);
`;

try {
  const asked = process.argv.slice(2);
  const versions = asked.length > 0 ? asked : VERSIONS;
  const nodes = versions.map(install);
  const failed = nodes.filter(({ name, path }) => !passes(name, path)).map(({ name }) => name);
  console.log(failed.length > 0 ? `\nFailed with Node ${failed.join(', ')}` : '\nAll passed');
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function install(version) {
  const prefix = join(cache, version);
  const path = join(prefix, 'node_modules/node/bin/node');
  if (!existsSync(path)) {
    mkdirSync(prefix, { recursive: true });
    must('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--no-save', `node@${version}`]);
  }
  const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (error) throw error;
  const name = stdout.trim();
  if (!`${name}.`.startsWith(`v${version}.`)) throw new Error(`${path} is ${name}, not ${version}`);
  return { name, path };
}

function passes(name, path) {
  const env = { ...process.env, PATH: `${dirname(path)}${delimiter}${process.env.PATH}` };
  const runs = (what, args, cwd = root) => {
    const started = Date.now();
    const { status } = spawnSync(path, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const took = Math.round((Date.now() - started) / 1000);
    console.log(`${name} ${status === 0 ? 'ok    ' : 'FAILED'} ${what} (${took} s)`);
    return status === 0;
  };
  const tests = (...args) => [vitest, 'run', '--reporter', 'dot', ...args];
  const dist = join(work, name, 'dist');
  return [
    runs('builds', [
      join(root, 'node_modules/typescript/bin/tsc'),
      '-p',
      'tsconfig.build.json',
      '--outDir',
      dist,
    ]),
    existsSync(dist) && runs('is imported from its package', [installed(dist)], consumer),
    runs('passes the unit tests', tests('--project', 'unit')),
    runs(
      `passes ${SERVER_TESTS.join(', ')}`,
      tests('--project', 'server', ...SERVER_TESTS.map((test) => `test/${test}.test.ts`)),
    ),
  ].every(Boolean);
}

/** Puts a fresh build where a user has it. Returns the script that imports it. */
function installed(dist) {
  const modules = join(consumer, 'node_modules');
  rmSync(consumer, { recursive: true, force: true });
  mkdirSync(join(modules, 'durable-turns'), { recursive: true });
  cpSync(dist, join(modules, 'durable-turns/dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(modules, 'durable-turns/package.json'));
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const ours = Object.keys(dependencies).map((name) => name.split('/')[0]);
  for (const name of new Set([...ours, '@temporalio', '@opentelemetry', 'openai', 'zod'])) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const script = join(consumer, 'consumer.mjs');
  writeFileSync(script, CONSUMER);
  return script;
}

function must(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}
