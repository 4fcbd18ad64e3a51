import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultCacheDir, writeExecutable } from './cache.js';

test('keeps downloads where the platform keeps caches', () => {
  expect(defaultCacheDir({ HOME: '/home/ada' }, 'linux')).toBe('/home/ada/.cache/durable-turns');
  expect(defaultCacheDir({ HOME: '/home/ada', XDG_CACHE_HOME: '/big' }, 'linux')).toBe('/big/durable-turns');
  expect(defaultCacheDir({ HOME: '/Users/ada' }, 'darwin')).toBe('/Users/ada/Library/Caches/durable-turns');
});

test('two writers at once leave one whole executable and nothing else', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'durable-turns-test-'));
  try {
    const path = join(dir, 'deep', 'program');
    const content = Buffer.alloc(1_000_000, 'x');
    await Promise.all([writeExecutable(path, content), writeExecutable(path, content)]);
    expect(readdirSync(join(dir, 'deep'))).toEqual(['program']);
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(statSync(path).mode & 0o100).toBe(0o100);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
