/** Lines that somebody types, or that a pipe brings. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Lines {
  /** The next line; undefined at the end of the input, or when the signal is aborted first. */
  next(prompt: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * As `next`, for a question. At a terminal a line that was typed before the question stood there was not meant
   * for it: it stays for `next`.
   */
  answer(prompt: string, signal: AbortSignal): Promise<string | undefined>;
  close(): void;
}

/** `terminal`: where what is typed is shown; without it nothing is prompted for. */
export function openLines(input: Readable, terminal: Writable | undefined, interrupted: () => void): Lines {
  const reader = createInterface({ input, ...(terminal ? { output: terminal, terminal: true } : {}) });
  const lines: string[] = [];
  const ended = new AbortController();
  let wake = (): void => undefined;
  reader.on('line', (line) => {
    lines.push(line);
    wake();
  });
  reader.on('close', () => {
    ended.abort();
    wake();
  });
  // A terminal in raw mode gives the key to us, and no signal to the process.
  reader.on('SIGINT', interrupted);
  /** The line at this place of those that wait. */
  const take = async (at: number, prompt: string, signal: AbortSignal): Promise<string | undefined> => {
    if (terminal && lines.length === at) {
      reader.setPrompt(prompt);
      reader.prompt();
    }
    const stop = (): void => wake();
    signal.addEventListener('abort', stop, { once: true });
    while (lines.length === at && !ended.signal.aborted && !signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    signal.removeEventListener('abort', stop);
    return signal.aborted ? undefined : lines.splice(at, 1)[0];
  };
  return {
    next: (prompt, signal) => take(0, prompt, signal),
    answer: (prompt, signal) => take(terminal ? lines.length : 0, prompt, signal),
    close: () => reader.close(),
  };
}
