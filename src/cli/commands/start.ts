/** `durable-turns start`: a turn of an agent. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { NoWorkerError } from '../../client/index.js';
import type { TurnClient, TurnHandle } from '../../client/index.js';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTaskQueueFlag, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import type { Console } from '../console.js';
import { EXIT } from '../exit.js';
import { CommandError } from '../explain.js';
import { follow } from '../follow.js';
import { commandLine } from '../text/words.js';

interface StartFlags extends ConnectionFlags {
  readonly turnId?: string;
  readonly session?: string;
  readonly messageId?: string;
  readonly whileBusy?: 'queue' | 'steer' | 'interrupt';
  readonly conversation?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

export function addStart(program: Command, { action, console }: Cli): void {
  withTaskQueueFlag(withConnectionFlags(program.command('start <agent> [input]')))
    .summary('start a turn')
    .description(
      'Starts a turn of an agent. The input is the argument, or standard input; prints the id of the turn.',
    )
    .option('--turn-id <id>', 'the id of the turn: the same id with the same input is the same turn')
    .option('--session <id>', 'say it in this session: turns that follow each other on one conversation')
    .option('--message-id <id>', 'with --session: the same id is the same message')
    .addOption(
      new Option('--while-busy <how>', 'with --session, while another turn runs').choices([
        'queue',
        'steer',
        'interrupt',
      ]),
    )
    .option('--conversation <id>', "a conversation of the model's server (conv_...) to go on with")
    .option('--watch', 'print the turn as it happens, and end as it ends')
    .option('--json', 'the id as JSON; with --watch every event')
    .addHelpText(
      'after',
      `
Examples:
  $ durable-turns start assistant 'Where is order 42?' --watch
  $ git diff | durable-turns start reviewer --turn-id "review-$(git rev-parse HEAD)"
  $ durable-turns start assistant -- '--what does this flag mean?'`,
    )
    .action(
      action((agent: string, input: string | undefined, flags: StartFlags) =>
        withTurns(flags, console, async (turns) => {
          const turn = await start(turns, agent, await inputOf(input, console), flags);
          if (flags.watch) console.err(`Turn ${turn.turnId}\n`);
          else
            await console.out(
              flags.json ? `${JSON.stringify({ turn_id: turn.turnId })}\n` : `${turn.turnId}\n`,
            );
          await warnWithoutWorker(turns, console);
          if (flags.watch) return follow(turn, turns, console, flags);
          console.err(`Watch it:  ${commandLine('watch', turn.turnId)}\n`);
          return EXIT.ok;
        }),
      ),
    );
}

function start(
  turns: TurnClient,
  agent: string,
  input: string,
  { turnId, session, messageId, whileBusy, conversation }: StartFlags,
): Promise<TurnHandle> {
  if (session !== undefined) {
    if (turnId !== undefined || conversation !== undefined)
      throw new CommandError('A session names its turns and its conversation itself: use --message-id.');
    return turns.session(session).send(
      { agent, input },
      {
        ...(messageId === undefined ? {} : { messageId }),
        ...(whileBusy === undefined ? {} : { whileBusy }),
      },
    );
  }
  if (messageId !== undefined || whileBusy !== undefined)
    throw new CommandError('--message-id and --while-busy go with --session.');
  const turn = { agent, input, ...(conversation === undefined ? {} : { conversation }) };
  return turns.start(turn, turnId === undefined ? {} : { turnId });
}

export async function inputOf(input: string | undefined, console: Console): Promise<string> {
  if (input !== undefined && input !== '-') return input;
  if (console.stdinIsTerminal && input === undefined)
    throw new CommandError('The input is missing: give it as an argument in quotes, or on standard input.');
  const text = (await console.readStdin()).replace(/\r?\n$/, '');
  if (text === '') throw new CommandError('The input on standard input is empty.');
  return text;
}

/** It waits then: no mistake, but seldom what was meant. */
async function warnWithoutWorker(turns: TurnClient, console: Console): Promise<void> {
  try {
    await turns.checkWorker();
  } catch (error) {
    if (!(error instanceof NoWorkerError)) throw error;
    console.err(`${error.message} The turn waits for one.\n`);
  }
}
