/** A JSON file of this package, which lies as far below the package's root in `src` as in `dist`. */
import { readFileSync } from 'node:fs';
import { isSchema } from './schema.js';
import type { Schema } from './schema.js';

export function packageFile(name: string): Schema {
  const read: unknown = JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8'));
  if (!isSchema(read)) throw new Error(`${name} is not whole: install the package again.`);
  return read;
}
