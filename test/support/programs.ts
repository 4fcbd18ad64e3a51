// The processes that tests start, compiled once for a whole run: with tsx each of them takes a second of the
// processor's time before it begins.

import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const repository = resolve(import.meta.dirname, '../..');

/** What the programs look for at their place in the repository. */
const BESIDE = ['node_modules', 'package.json', 'events.schema.json'];

/** Writes what `tsconfig.programs.json` names into the folder, at the same place as in the repository. */
export async function compilePrograms(folder: string): Promise<void> {
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  const config = join(import.meta.dirname, 'tsconfig.programs.json');
  await promisify(execFile)(process.execPath, [tsc, '-p', config, '--outDir', folder]);
  for (const name of BESIDE) symlinkSync(join(repository, name), join(folder, name));
  // Where package.json says that `durable-turns` is.
  symlinkSync('src', join(folder, 'dist'));
}

/**
 * For Node: the program of this path in the repository. `compiled` is the folder that `compilePrograms` has filled;
 * without one tsx runs it as it stands.
 */
export function programArgs(path: string, compiled: string | undefined): readonly string[] {
  return compiled === undefined
    ? ['--import', 'tsx', join(repository, path)]
    : [join(compiled, path.replace(/\.ts$/, '.js'))];
}
