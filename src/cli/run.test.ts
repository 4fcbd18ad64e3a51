import { expect, test } from 'vitest';
import { run } from './run.js';

async function printed(...args: readonly string[]): Promise<string> {
  let out = '';
  const exit = await run(args, {
    env: {},
    readFile: () => Promise.reject(new Error('no files here')),
    readStdin: () => Promise.resolve(''),
    readLines: () => {
      throw new Error('nobody types here');
    },
    stdinIsTerminal: false,
    out: async (text) => void (out += text),
    err: () => undefined,
    onInterrupt: () => () => undefined,
  });
  expect(exit).toBe(0);
  return out;
}

test('help shows by examples how each command is used, and where to begin', async () => {
  const help = await printed('--help');
  const commands = [...help.matchAll(/^ {2}([a-z-]+) \[/gm)].map(([, name = '']) => name);
  expect(commands).toEqual(
    expect.arrayContaining(['start', 'watch', 'cancel', 'register-search-attributes']),
  );
  expect(help).toMatch(/^Examples:\n {2}\$ .*durable-turns dev$/m);
  for (const name of commands.filter((command) => command !== 'help'))
    expect(await printed(name, '--help')).toMatch(
      new RegExp(`^Examples?:\\n {2}\\$ .*durable-turns ${name}\\b`, 'm'),
    );
});
