import { expect, test } from 'vitest';
import { TemporalCliNotFoundError, findTemporalCli } from './temporal-cli.js';
import type { CliSource } from './temporal-cli.js';

function source(name: string, find: CliSource['find'], limitMs = 1_000): CliSource {
  return { name, limitMs, find };
}
const missing = (reason: string) => () => Promise.reject(new Error(reason));

test('takes the first source that has a CLI and asks no further', async () => {
  const lines: string[] = [];
  const asked: string[] = [];
  const found = (name: string) => () => {
    asked.push(name);
    return Promise.resolve(`/bin/${name}`);
  };
  const sources = [
    source('one', missing('gone')),
    source('two', found('two')),
    source('three', found('three')),
  ];
  expect(await findTemporalCli(sources, (line) => lines.push(line))).toBe('/bin/two');
  expect(asked).toEqual(['two']);
  expect(lines).toEqual(['Temporal CLI from one: gone', 'Temporal CLI from two: /bin/two']);
});

test('lists what was tried, why it failed and what to install when there is none', async () => {
  const sources = [source('PATH', missing('no temporal')), source('wheel', missing('no python3'))];
  const failure = await findTemporalCli(sources, () => undefined).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TemporalCliNotFoundError);
  expect(failure).toMatchObject({
    attempts: [
      { source: 'PATH', reason: 'no temporal' },
      { source: 'wheel', reason: 'no python3' },
    ],
  });
  expect(String(failure)).toContain('- PATH: no temporal\n  - wheel: no python3\n');
  expect(String(failure)).toContain('install the Temporal CLI 1.5.0 or newer');
  expect(String(failure)).toContain('TEMPORAL_CLI_PATH');
});

test('gives up a source at its time limit and aborts it', async () => {
  let aborted = false;
  const hangs = source(
    'slow',
    (signal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise(() => undefined);
    },
    5,
  );
  const next = source('next', () => Promise.resolve('/bin/next'));
  expect(await findTemporalCli([hangs, next], () => undefined)).toBe('/bin/next');
  expect(aborted).toBe(true);
});
