// Packs this repository and installs the tarball in an empty folder, as a user does: once for all tests here.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder that has the package installed, and nothing else. */
    installedIn: string;
  }
}

const repository = join(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'durable-turns-package-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const overrides = await lockedVersions();
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
    await run('npm', ['pack', '--pack-destination', folder], { cwd: repository });
    const { version } = await json<Manifest>('package.json');
    await run(
      'npm',
      ['install', '--prefer-offline', '--no-audit', '--no-fund', `durable-turns-${version}.tgz`],
      {
        cwd: folder,
      },
    );
  } catch (error) {
    await remove();
    throw error;
  }
  project.provide('installedIn', folder);
  return remove;
}

/**
 * What the package asks for comes in the versions of the lock, so that this test changes with the repository alone.
 * They are no dependencies of the folder: what the package forgets to ask for is not there.
 */
async function lockedVersions(): Promise<Readonly<Record<string, string>>> {
  const { dependencies, peerDependencies } = await json<Manifest>('package.json');
  const { packages } = await json<Lock>('package-lock.json');
  return Object.fromEntries(
    Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => {
      const { version } = packages[`node_modules/${name}`] ?? {};
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

async function json<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(repository, file), 'utf8')) as T;
}
