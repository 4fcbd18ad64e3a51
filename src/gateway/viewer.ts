/** The files of the viewer: `/` is its page, `/viewer/` holds the rest. */
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// As far below the package's root in `src` as in `dist`.
export const PACKAGED_VIEWER = fileURLToPath(new URL('../../dist/viewer', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
/** Names as plain as a bundler makes them: nothing that climbs or hides. */
const PLAIN = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;
/** A hash in its name says that a file never changes. */
const HASHED = /[-.][\w-]{8,}\.\w+$/;

const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** The file at a path of the URL, or undefined. */
export async function viewerFile(folder: string, path: string): Promise<Response | undefined> {
  const name = path === '/' || path === '/viewer/' ? 'index.html' : path.replace(/^\/viewer\//, '');
  const type = TYPES[extname(name)];
  if (!PLAIN.test(name) || !type) return undefined;
  const bytes = await contents(join(folder, name));
  if (!bytes) return undefined;
  return new Response(bytes, {
    headers: {
      'content-type': type,
      'cache-control': HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...PAGE_HEADERS,
    },
  });
}

async function contents(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined;
    return new Uint8Array(await readFile(path));
  } catch {
    return undefined;
  }
}
