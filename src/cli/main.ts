#!/usr/bin/env node
/** The program `durable-turns`. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { isatty } from 'node:tty';
import type { Console } from './console.js';
import { EXIT } from './exit.js';
import { openLines } from './lines.js';
import { run } from './run.js';

// A reader that has seen enough, as `head` does, is no error, and nothing is left to do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  process.stderr.write(`durable-turns: Standard output cannot be written: ${error.message}\n`);
  process.exit(EXIT.unexpected);
});
// What stands there is for people. Without a reader of it the command goes on, and ends as it would have ended.
process.stderr.on('error', () => undefined);

const handlers: (() => void)[] = [];
const ENDED_BY = { SIGINT: EXIT.interrupted, SIGTERM: 143 } as const;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted(signal));
}

function interrupted(signal: keyof typeof ENDED_BY): void {
  const handler = handlers.at(-1);
  if (handler) handler();
  else process.exit(ENDED_BY[signal]);
}

const console: Console = {
  env: process.env,
  readFile: (file) => readFile(file, 'utf8'),
  readStdin: () => text(process.stdin),
  readLines: () =>
    openLines(process.stdin, isatty(0) ? process.stdout : undefined, () => interrupted('SIGINT')),
  stdinIsTerminal: isatty(0),
  out: (written) => new Promise((resolve) => process.stdout.write(written, () => resolve())),
  err: (written) => process.stderr.write(written),
  onInterrupt: (handler) => {
    handlers.push(handler);
    return () => {
      handlers.splice(handlers.indexOf(handler), 1);
    };
  },
};

// Not process.exit: it would cut off what a pipe has not taken yet.
process.exitCode = await run(process.argv.slice(2), console);
