/** What every command is made with. */
import type { Console } from './console.js';
import type { ExitCode } from './exit.js';

export interface Cli {
  readonly console: Console;
  /** Makes a command's action of a function that gives the exit code. */
  readonly action: <Args extends readonly unknown[]>(
    run: (...args: Args) => Promise<ExitCode>,
  ) => (...args: Args) => Promise<void>;
}
