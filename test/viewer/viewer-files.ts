// The built viewer: made once for a run, and served as a gateway serves it.

import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');

/** Builds the viewer into a folder of its own, as `npm run build` builds it into dist/viewer. */
export async function buildViewer(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'durable-turns-viewer-'));
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error', build: { outDir } });
  return outDir;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface ServedFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

export async function viewerFile(folder: string, path: string): Promise<ServedFile | undefined> {
  const name = path === '/' ? 'index.html' : /^\/viewer\/([\w./-]+)$/.exec(path)?.[1];
  const type = name === undefined ? undefined : TYPES[extname(name)];
  if (name === undefined || type === undefined) return undefined;
  const headers = { 'content-type': type, 'content-security-policy': "default-src 'self'" };
  return { headers, bytes: await readFile(join(folder, name)) };
}
