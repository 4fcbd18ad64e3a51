// Runs a script of this repository as a user does: with tsx, in a process of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../..');

export interface ScriptRun {
  /** Exit code, or the name of the signal that ended it. */
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
  readonly lastLine: string;
}

export interface RunningScript {
  /** Resolves when the output so far matches; rejects when the script ends without. */
  said(pattern: RegExp): Promise<void>;
  /** What it has said so far on standard output and standard error. */
  output(): string;
  end(signal: NodeJS.Signals): void;
  readonly done: Promise<ScriptRun>;
}

export interface ScriptOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. Default: none. */
  readonly input?: string;
}

/** `file` is relative to the repository. */
export function startScript(file: string, { args = [], env = {}, input }: ScriptOptions = {}): RunningScript {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input ?? '');
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  }
  const done = once(child, 'close').then(([code, signal]): ScriptRun => ({
    exit: (code as number | null) ?? String(signal),
    ...output,
    lastLine: output.stdout.trimEnd().split('\n').at(-1) ?? '',
  }));
  const said = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(output.stdout + output.stderr)) {
      const ended = await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), done]);
      if ('exit' in ended && !pattern.test(output.stdout + output.stderr))
        throw new Error(`${file} ended with ${ended.exit}:\n${output.stdout}\n${output.stderr}`);
    }
  };
  return {
    said,
    output: () => output.stdout + output.stderr,
    end: (signal) => void child.kill(signal),
    done,
  };
}

/** Runs it to its end. */
export function runScript(...given: Parameters<typeof startScript>): Promise<ScriptRun> {
  return startScript(...given).done;
}
