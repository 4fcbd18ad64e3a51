import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { defaultCacheDir } from './cache.js';
import { cliSources } from './cli-sources.js';
import { freePort } from './free-port.js';
import { runCommand } from './run-command.js';
import { startProcess } from './server-process.js';
import { findTemporalCli } from './temporal-cli.js';
import type { ServerProcess } from './server-process.js';

/** How a dev server is started; everything may be left out. */
export interface StartTemporalOptions {
  /** Gets a line for each step. Default: nothing is said. */
  readonly log?: (line: string) => void;
  /** Also serves the Temporal UI. Default false. */
  readonly ui?: boolean;
  /** The gRPC port. Default: a free one. */
  readonly port?: number;
  /** The UI's port. Default: a free one. */
  readonly uiPort?: number;
  /** An SQLite file that outlives the server. Default: everything is lost when the server stops. */
  readonly dbFilename?: string;
  /** Temporal's dynamic config, e.g. `{'history.maximumSignalsPerExecution': 50}`. */
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Where a downloaded Temporal CLI is kept. Default: `durable-turns` in the user's cache directory. */
  readonly cacheDir?: string;
  /** Default: `process.env`. Of TEMPORAL_* only TEMPORAL_CLI_PATH is read, and none reaches the server. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A Temporal development server that this process owns: it ends with the process at the latest. */
export interface EmbeddedTemporal {
  /** `127.0.0.1:port` of the gRPC frontend. */
  readonly address: string;
  readonly namespace: string;
  /** The UI's URL, when it was asked for. */
  readonly uiAddress?: string;
  readonly pid: number;
  /** Resolves when the server is gone; may be called again. */
  stop(): Promise<void>;
}

/** The Temporal CLI was found, but its development server did not come up. The message holds its last words. */
export class TemporalStartError extends Error {
  override readonly name = 'TemporalStartError';
}

const NAMESPACE = 'default';
const READY_MS = 30_000;
const BANNER_MS = 2_000;
const PORT_TRIES = 3;

/**
 * Starts a Temporal development server on 127.0.0.1 and waits until it answers. Throws TemporalCliNotFoundError
 * when there is no Temporal CLI, TemporalStartError when the server does not come up.
 */
export async function startTemporal(options: StartTemporalOptions = {}): Promise<EmbeddedTemporal> {
  const { env = process.env, log = () => undefined } = options;
  const cacheDir = options.cacheDir ?? defaultCacheDir(env);
  const platformArch = `${process.platform}-${process.arch}`;
  const childEnv = withoutTemporalSettings(env);
  const sources = cliSources({ env, cacheDir, log, run: runCommand, platformArch });
  const cli = await findTemporalCli(sources, log);

  for (let tries = 1; ; tries += 1) {
    const port = options.port ?? (await freePort());
    const uiPort = options.ui ? (options.uiPort ?? (await freePort())) : undefined;
    const server = await startProcess(cli, startDevArgs(port, uiPort, options), childEnv);
    const problem = await untilReady(server, port);
    if (problem === undefined) {
      log(`Temporal server on 127.0.0.1:${port} (pid ${server.pid})`);
      return embeddedTemporal(server, port, uiPort);
    }
    await server.stop();
    const lostPort = server.logTail().includes('address already in use');
    if (!lostPort || tries === PORT_TRIES) {
      throw new TemporalStartError(
        `${cli} server start-dev ${problem}. Its last words:\n${server.logTail()}`,
      );
    }
  }
}

function startDevArgs(port: number, uiPort: number | undefined, options: StartTemporalOptions): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'];
  args.push(...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]));
  if (options.dbFilename !== undefined) args.push('--db-filename', options.dbFilename);
  for (const [key, value] of Object.entries(options.dynamicConfig ?? {})) {
    args.push('--dynamic-config-value', `${key}=${JSON.stringify(value)}`);
  }
  return args;
}

/** The CLI reads TEMPORAL_ADDRESS, profiles and more; what is meant for another server must not bend this one. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** Undefined when the server answers for its namespace, else what went wrong. */
async function untilReady(server: ServerProcess, port: number): Promise<string | undefined> {
  const stopAsking = new AbortController();
  try {
    return await Promise.race([
      server.ended.then((how) => `ended with ${how}`),
      untilAnswer(server, port, stopAsking.signal),
    ]);
  } finally {
    stopAsking.abort();
  }
}

async function untilAnswer(
  server: ServerProcess,
  port: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = Date.now() + READY_MS;
  let lastError = 'nothing was heard';
  await untilBanner(server, port);
  while (Date.now() < deadline && !signal.aborted) {
    try {
      await ask(`127.0.0.1:${port}`);
      return undefined;
    } catch (error) {
      lastError = error instanceof Error ? error.message : String(error);
      await sleep(50);
    }
  }
  return `did not answer within ${READY_MS / 1000} s (${lastError})`;
}

/**
 * Asked too early, a stranger that took the port first may answer, and gRPC backs off for a second when nobody
 * does. Ours says `Server: localhost:<port>` once it listens; other words would only cost the wait.
 */
async function untilBanner(server: ServerProcess, port: number): Promise<void> {
  const banner = new RegExp(`Server:.*:${port}\\b`);
  for (let waited = 0; waited < BANNER_MS && !banner.test(server.logTail()); waited += 20) await sleep(20);
}

async function ask(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await connection.withDeadline(Date.now() + 1_000, () =>
      connection.workflowService.describeNamespace({ namespace: NAMESPACE }),
    );
  } finally {
    await connection.close();
  }
}

function embeddedTemporal(server: ServerProcess, port: number, uiPort: number | undefined): EmbeddedTemporal {
  return {
    address: `127.0.0.1:${port}`,
    namespace: NAMESPACE,
    ...(uiPort === undefined ? {} : { uiAddress: `http://127.0.0.1:${uiPort}` }),
    pid: server.pid,
    stop: () => server.stop(),
  };
}
