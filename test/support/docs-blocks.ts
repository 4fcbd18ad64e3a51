// The TypeScript of the Markdown pages, as files that compile and run.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');

export interface Unpacked {
  /** Below the repository, so that packages and `durable-turns` resolve. */
  readonly dir: string;
  /** Of the repository: `README/worker.ts`. */
  readonly files: readonly string[];
  readonly remove: () => void;
}

/**
 * Writes the `ts` blocks of the pages into a new folder, one folder for each page. A block that begins with
 * `// name.ts` is a file of that name; the others of a page follow each other in one file, as they do for readers.
 */
export function unpackDocs(pages: readonly string[]): Unpacked {
  const dir = mkdtempSync(join(repository, '.docs-'));
  const files = pages.flatMap((page) => {
    const folder = join(dir, basename(page, '.md'));
    mkdirSync(folder);
    return [...filesOf(readFileSync(join(repository, page), 'utf8'))].map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
  });
  return { dir, files, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

function filesOf(markdown: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [, block = ''] of markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
    const name = /^\/\/ ([\w-]+\.ts)\n/.exec(block)?.[1] ?? 'page.ts';
    files.set(name, (files.get(name) ?? '') + block);
  }
  return files;
}
