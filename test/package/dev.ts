// `npx durable-turns dev` in the folder that has the package installed.

import { inject } from 'vitest';
import { startProgram } from '../support/run-script.js';
import type { RunningScript, ScriptRun } from '../support/run-script.js';

/** What a shell has anywhere, and where this machine keeps its Temporal CLI. */
const KEPT = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'XDG_CACHE_HOME', 'TEMPORAL_CLI_PATH'];

export interface Dev {
  /** Of the page, without a slash at the end. */
  readonly url: string;
  /** Ctrl-C, once. Resolves when nothing of it runs any more. */
  stop(): Promise<ScriptRun>;
}

export function installedProgram(...args: readonly string[]): RunningScript {
  const env = Object.fromEntries(KEPT.map((name) => [name, process.env[name]]));
  // --no: it has to be the installed one, and not one that npx would fetch.
  return startProgram('npx', ['--no', '--', 'durable-turns', ...args], {
    cwd: inject('installedIn'),
    env,
    asTerminal: true,
  });
}

export async function startDev(): Promise<Dev> {
  const dev = installedProgram('dev', '--port', '0');
  await dev.said(/Ctrl-C stops everything/);
  const [, url = ''] = /^Viewer +(http:\/\/\S+)$/m.exec(dev.output()) ?? [];
  let stopped = false;
  const stop = (): Promise<ScriptRun> => {
    if (!stopped) dev.end('SIGINT');
    stopped = true;
    return dev.done;
  };
  return { url, stop };
}
