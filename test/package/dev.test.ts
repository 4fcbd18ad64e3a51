// From nothing to a turn that streams, in one command: what the tarball brings is all that it takes.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { eventsThrough, startThrough } from '../support/follow-sse.js';
import { installedProgram, startDev } from './dev.js';
import type { Dev } from './dev.js';

let dev: Dev;

beforeAll(async () => {
  dev = await startDev();
});

afterAll(async () => {
  await dev?.stop();
});

test('the page and all that it loads are there', async () => {
  const page = await fetch(`${dev.url}/`);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  const html = await page.text();
  const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  const kinds = assets.map((path) => path.split('.').at(-1) ?? '');
  expect(kinds).toHaveLength(3);
  expect(kinds).toEqual(expect.arrayContaining(['css', 'js', 'svg']));

  const types = await Promise.all(
    assets.map(async (path) => {
      const { status, headers } = await fetch(new URL(path, dev.url));
      return `${status} ${headers.get('content-type') ?? ''}`;
    }),
  );
  expect(types.toSorted()).toEqual([
    expect.stringMatching(/^200 image\/svg/),
    expect.stringMatching(/^200 text\/css/),
    expect.stringMatching(/^200 text\/javascript/),
  ]);
});

test('a turn streams: the model, the tool of the sample agent, the model again', async () => {
  const input = 'What is the current time in "Europe/Paris"?';
  expect((await startThrough(dev.url, { turn_id: 'sample', agent: 'assistant', input })).status).toBe(201);
  const events = await eventsThrough(dev.url, 'sample');
  expect(events.filter(({ type }) => type === 'step_completed')).toHaveLength(3);
  expect(events.map(({ type }) => type)).toContain('step_progress');
  expect(events.at(-1)).toMatchObject({
    type: 'turn_completed',
    final_text: expect.stringMatching(/The current_time tool returned: \d\d\/\d\d\/\d{4}/),
  });
});

test('a request that cannot be right is refused by the schemas of the package', async () => {
  const refused = await startThrough(dev.url, { agent: 'assistant' });
  expect(refused.status).toBe(400);
  expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
});

test('the session that the page chats in answers', async () => {
  const sent = await fetch(`${dev.url}/sessions/chat-1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent: 'assistant', input: 'Count to 3.' }),
  });
  expect(sent.status).toBeLessThan(300);
  const { turn_id } = (await sent.json()) as { readonly turn_id: string };
  expect((await eventsThrough(dev.url, turn_id)).at(-1)).toMatchObject({ final_text: '1, 2, 3.' });
});

test('every door opens that needs nothing more', async () => {
  const folder = inject('installedIn');
  const manifest = join(folder, 'node_modules/durable-turns/package.json');
  const { exports } = JSON.parse(await readFile(manifest, 'utf8')) as {
    exports: Record<string, object | string>;
  };
  const doors = Object.keys(exports).filter((door) => !door.endsWith('.json') && door !== './otel');
  expect(doors).toContain('./gateway');
  const script = `
    const opened = await Promise.all(${JSON.stringify(doors)}.map((door) => import('durable-turns' + door.slice(1))));
    if (opened.some((names) => Object.keys(names).length === 0)) throw new Error('a door is empty');
    const { default: schema } = await import('durable-turns/events.schema.json', { with: { type: 'json' } });
    if (!schema.$defs) throw new Error('no schema');`;
  await writeFile(join(folder, 'doors.mjs'), script);
  await promisify(execFile)(process.execPath, ['doors.mjs'], { cwd: folder });
});

test('the other commands are there', async () => {
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string;
  };
  expect(await installedProgram('--version').done).toMatchObject({ exit: 0, stdout: `${version}\n` });
});

test('Ctrl-C ends all of it well', async () => {
  // The exit code is that of npx, which takes Ctrl-C for itself, too.
  const { stderr } = await dev.stop();
  expect(stderr).toMatch(/Stopping \.\.\.\n$/);
  await expect(fetch(dev.url)).rejects.toThrow('fetch failed');
});
