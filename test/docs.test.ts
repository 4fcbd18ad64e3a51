// What the pages say is true: their TypeScript compiles, their links lead somewhere, their lists are complete.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FAILURES } from '../src/index.js';
import { repository, unpackDocs } from './support/docs-blocks.js';

const PAGES = [
  ...readdirSync(repository).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (page: string): string => readFileSync(join(repository, page), 'utf8');

test('the TypeScript of the pages compiles', { timeout: 60_000 }, () => {
  const { dir, files, remove } = unpackDocs(PAGES);
  onTestFinished(remove);
  expect(files.length).toBeGreaterThan(5);
  const config = join(dir, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', files }));
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  // Mistakes in src are told by the type check of src.
  expect(stdout.split('\n').filter((line) => line.includes('.docs-'))).toEqual([]);
});

describe.each(PAGES)('%s', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];

  test('links to what exists', () => {
    const broken = links.filter(([, path = '', heading]) => {
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(repository, target))) return true;
      return heading !== undefined && !headingsOf(read(target)).includes(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

test('the README is short enough to be read', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150);
});

// Run with -u to write the page anew.
test('docs/failures.md lists every failure', async () => {
  const introduction = read('docs/failures.md').split(/^## /m, 1)[0] ?? '';
  const sections = Object.entries(FAILURES).map(
    ([type, { code, source, retryable, meaning, advice }]) =>
      `## \`${type}\`\n\n${meaning}\n\n- Code \`${code}\`, source \`${source}\`, ${retryable ? 'retried' : 'not retried'}.\n- What to do: ${advice}\n`,
  );
  await expect(`${introduction.trimEnd()}\n\n${sections.join('\n')}`).toMatchFileSnapshot(
    '../docs/failures.md',
  );
});

/** As GitHub makes them. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
