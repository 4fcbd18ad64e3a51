import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Kills the command when aborted. */
  readonly signal: AbortSignal;
}

/** Runs a program and gives its output. The edge that tests of this folder replace. */
export type RunCommand = (file: string, args: readonly string[], options: CommandOptions) => Promise<string>;

/** Rejects with one line: the last thing that the program wrote to stderr, or why it did not start. */
export const runCommand: RunCommand = (file, args, { env, signal }) =>
  new Promise((resolve, reject) => {
    execFile(
      file,
      args,
      { env, signal, killSignal: 'SIGKILL', maxBuffer: 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        const lastLine = stderr.trim().split('\n').at(-1)?.trim().slice(0, 240);
        reject(
          new Error(lastLine || (error.code === 'ENOENT' ? `no ${file}` : error.message), { cause: error }),
        );
      },
    );
  });
