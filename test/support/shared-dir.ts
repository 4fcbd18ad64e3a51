import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../..');

/**
 * A folder that is shared between projects and not part of this repository: below `DURABLE_TURNS_SHARED`, by
 * default `../shared`. Throws an Error when it is missing, since a run without it would prove nothing.
 */
export function sharedDir(name: 'fixtures' | 'llama-stack'): string {
  const dir = join(resolve(repository, process.env['DURABLE_TURNS_SHARED'] || '../shared'), name);
  if (!existsSync(dir))
    throw new Error(`${dir} is missing: set DURABLE_TURNS_SHARED to the folder that holds ${name}`);
  return dir;
}
