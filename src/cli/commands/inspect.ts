/** `durable-turns inspect`: recorded Responses events as turn events. */
import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import type { Console } from '../console.js';
import { EXIT } from '../exit.js';
import { inspect } from '../inspect.js';
import type { Recording } from '../inspect.js';
import { BrokenRecordingError } from '../recording.js';

interface InspectFlags {
  readonly pretty?: boolean;
}

export function addInspect(program: Command, { action, console }: Cli): void {
  program
    .command('inspect [file...]')
    .summary('print recorded Responses events as turn events')
    .description(
      'Prints the turn events of recorded Responses events as JSON lines. A recording has one event per line and one file per response of the turn; without a file, or for "-", it reads standard input. Needs no Temporal server.',
    )
    .option('--pretty', 'print them as watch does')
    .addHelpText(
      'after',
      `
Examples:
  $ durable-turns inspect response-1.jsonl response-2.jsonl
  $ durable-turns inspect --pretty < response.jsonl`,
    )
    .action(
      action(async (files: readonly string[], { pretty = false }: InspectFlags) => {
        const recordings = await readAll(files.length > 0 ? files : ['-'], console);
        const { text, notes } = inspect(recordings, { pretty });
        await console.out(text);
        if (notes !== '') console.err(notes);
        return EXIT.ok;
      }),
    );
}

async function readAll(files: readonly string[], console: Console): Promise<readonly Recording[]> {
  const recordings: Recording[] = [];
  for (const file of files) {
    if (file === '-') recordings.push({ file: '(standard input)', text: await console.readStdin() });
    else recordings.push({ file, text: await readFile(file, console) });
  }
  return recordings;
}

async function readFile(file: string, console: Console): Promise<string> {
  try {
    return await console.readFile(file);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new BrokenRecordingError(`${file}: cannot be read: ${why}`);
  }
}
