/** The command line, apart from the process it runs in: arguments in, text and exit code out. */
import { parseArgs } from 'node:util';
import { BrokenRecordingError } from './recording.js';
import { inspect } from './inspect.js';
import type { Recording } from './inspect.js';

/** What a command may do to the world. */
export interface Console {
  readonly readFile: (file: string) => Promise<string>;
  readonly readStdin: () => Promise<string>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export const EXIT = {
  ok: 0,
  /** The command line or its input is wrong. */
  usage: 2,
} as const;

const USAGE = `Usage: durable-turns inspect [--pretty] [FILE.jsonl...]

  inspect   Prints the turn events of recorded Responses events as JSON lines. A recording has one event
            per line and one file per response of the turn; without a file, or for "-", it reads standard
            input. --pretty prints them as the event logger does.
`;

/** Runs a command; resolves to the process's exit code. */
export async function run(args: readonly string[], console: Console): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'inspect':
      return runInspect(rest, console);
    case 'help':
    case '--help':
    case '-h':
      console.out(USAGE);
      return EXIT.ok;
    default:
      return refuse(console, command === undefined ? 'a command is missing' : `unknown command ${command}`);
  }
}

async function runInspect(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseInspect(args);
  if (typeof parsed === 'string') return refuse(console, parsed);
  if (parsed.help) {
    console.out(USAGE);
    return EXIT.ok;
  }
  try {
    const recordings = await readAll(parsed.files, console);
    const { text, notes } = inspect(recordings, { pretty: parsed.pretty });
    console.out(text);
    if (notes !== '') console.err(notes);
    return EXIT.ok;
  } catch (thrown) {
    if (!(thrown instanceof BrokenRecordingError)) throw thrown;
    console.err(`${thrown.message}\n`);
    return EXIT.usage;
  }
}

interface InspectArgs {
  readonly pretty: boolean;
  readonly help: boolean;
  readonly files: readonly string[];
}

/** The arguments, or what is wrong with them. */
function parseInspect(args: readonly string[]): InspectArgs | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        pretty: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return { ...values, files: positionals.length > 0 ? positionals : ['-'] };
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
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

function refuse(console: Console, problem: string): number {
  console.err(`durable-turns: ${problem}\n\n${USAGE}`);
  return EXIT.usage;
}
