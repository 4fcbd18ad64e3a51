import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { ChildProcess } from 'node:child_process';

const LOG_LINES = 60;
const STOP_MS = 5_000;

/** A running server and how to end it. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the process has ended and all its output was read, with how it ended. Never rejects. */
  readonly ended: Promise<string>;
  /** The last lines that it wrote, for error messages. */
  logTail(): string;
  /** SIGTERM, then SIGKILL after 5 s. Resolves when the process is gone; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a program that ends with this process, however this process ends, and that does not keep it
 * alive. Throws an Error when the program does not start.
 *
 * It runs in a process group of its own: Ctrl-C at a terminal must reach the application first, which may need
 * the server to shut down in order.
 */
export async function startProcess(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ServerProcess> {
  const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} started without a process id`);
  child.on('error', () => undefined); // a signal to a process that has just gone
  const log = keepLog(child);
  const watchdog = startWatchdog(pid);
  const terminate = (): void => void child.kill('SIGTERM');
  process.once('exit', terminate);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      process.removeListener('exit', terminate);
      watchdog?.kill('SIGKILL');
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
  child.unref();

  return {
    pid,
    ended,
    logTail: () => log.join('\n'),
    async stop() {
      terminate();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function keepLog(child: ChildProcess): readonly string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      lines.splice(0, lines.length - LOG_LINES);
    });
    unref(stream);
  }
  return lines;
}

/**
 * A shell that waits for the end of its input, which comes when this process is gone, also after SIGKILL, a
 * signal or a crash, and then ends the server. No signal handler of ours is needed, so none can stand in the
 * way of the application's own.
 */
function startWatchdog(pid: number): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const script = 'read -r _; kill "$1" 2>/dev/null && sleep 2 && kill -9 "$1" 2>/dev/null';
  const watchdog = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => undefined);
  watchdog.unref();
  unref(watchdog.stdin);
  return watchdog;
}

/** Node types the pipes of a child as plain streams; they are sockets, which hold the event loop. */
function unref(stream: unknown): void {
  if (stream instanceof Socket) stream.unref();
}
