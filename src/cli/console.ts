/** What a command may do to the world: the process it runs in, so far as commands know it. */
import type { Lines } from './lines.js';

export interface Console {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (file: string) => Promise<string>;
  readonly readStdin: () => Promise<string>;
  /** Standard input line by line, with a prompt where somebody types. */
  readonly readLines: () => Lines;
  /** Somebody types there. */
  readonly stdinIsTerminal: boolean;
  /** Standard output: what was asked for. Resolves when it was taken. */
  readonly out: (text: string) => Promise<void>;
  /** Standard error: everything else. */
  readonly err: (text: string) => void;
  /**
   * Ctrl-C and SIGTERM go to the handler that came last, until what is returned is called. Without any they end
   * the process.
   */
  readonly onInterrupt: (handler: () => void) => () => void;
}
