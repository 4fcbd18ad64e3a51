// Runs a script of this repository in a process of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inject } from 'vitest';
import { programArgs } from './programs.js';

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
  /** Standard input. Default: none. `open`: somebody sits there and types nothing more. */
  readonly input?: string | { readonly open: string };
}

/** As a user does: with tsx. `file` is relative to the repository. */
export function startScript(file: string, options: ScriptOptions = {}): RunningScript {
  return startNode(['--import', 'tsx', file], options);
}

/** The same for what `compilePrograms` has compiled, which is up sooner. */
export function startCompiled(file: string, options: ScriptOptions = {}): RunningScript {
  return startNode(programArgs(file, inject('programs')), options);
}

const startNode = (
  node: readonly string[],
  { args = [], env = {}, input = '' }: ScriptOptions,
): RunningScript =>
  startProgram(process.execPath, [...node, ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    input,
  });

export interface ProgramOptions {
  readonly cwd: string;
  /** All of it. */
  readonly env: NodeJS.ProcessEnv;
  readonly input?: ScriptOptions['input'];
  /** Signals go to all that the program has started, as those of a terminal do. */
  readonly asTerminal?: boolean;
}

export function startProgram(
  file: string,
  args: readonly string[],
  { cwd, env, input = '', asTerminal = false }: ProgramOptions,
): RunningScript {
  const child = spawn(file, args, { cwd, env, detached: asTerminal, stdio: ['pipe', 'pipe', 'pipe'] });
  if (typeof input === 'string') child.stdin.end(input);
  else child.stdin.write(input.open);
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
        throw new Error(
          `${[file, ...args].join(' ')} ended with ${ended.exit}:\n${output.stdout}\n${output.stderr}`,
        );
    }
  };
  return {
    said,
    output: () => output.stdout + output.stderr,
    end: (signal) => {
      if (asTerminal && child.pid !== undefined) process.kill(-child.pid, signal);
      else child.kill(signal);
    },
    done,
  };
}

/** Runs it to its end. */
export function runScript(...given: Parameters<typeof startScript>): Promise<ScriptRun> {
  return startScript(...given).done;
}

/** Runs it to its end. */
export function runCompiled(...given: Parameters<typeof startCompiled>): Promise<ScriptRun> {
  return startCompiled(...given).done;
}
