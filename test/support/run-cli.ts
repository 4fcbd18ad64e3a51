// Runs `durable-turns` as a user does, against the Temporal server of this test run.

import { inject } from 'vitest';
import { runCompiled, startCompiled } from './run-script.js';
import type { RunningScript, ScriptOptions, ScriptRun } from './run-script.js';

export interface CliOptions {
  readonly input?: ScriptOptions['input'];
  readonly env?: Readonly<Record<string, string>>;
}

export function startCli(args: readonly string[], options: CliOptions = {}): RunningScript {
  return startCompiled('src/cli/main.ts', given(args, options));
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<ScriptRun> {
  return runCompiled('src/cli/main.ts', given(args, options));
}

function given(args: readonly string[], { input, env }: CliOptions) {
  const temporal = {
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: inject('temporalNamespace'),
  };
  return { args, env: { ...temporal, ...env }, ...(input === undefined ? {} : { input }) };
}

/** JSON lines. */
export function linesOf(stdout: string): readonly unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
