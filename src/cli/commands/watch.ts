/** `durable-turns watch`: a turn as it happens. */
import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import { follow } from '../follow.js';

interface WatchFlags extends ConnectionFlags {
  readonly json?: boolean;
  readonly after?: string;
}

export function addWatch(program: Command, { action, console }: Cli): void {
  withConnectionFlags(program.command('watch <turn>'))
    .summary('print a turn as it happens')
    .description('Prints a turn from its start, live until it has ended; also one that ended long ago.')
    .option('--json', 'one event per line as JSON, with its id')
    .option('--after <id>', 'only what comes behind the event of this id')
    .addHelpText(
      'after',
      `
It goes on by itself when the connection breaks, and misses nothing. Ctrl-C leaves the turn running.

Examples:
  $ durable-turns watch order-42
  $ durable-turns watch order-42 --json | jq -r 'select(.delta.type == "text").delta.text'`,
    )
    .action(
      action((turnId: string, flags: WatchFlags) =>
        withTurns(flags, console, (turns) => follow(turns.getHandle(turnId), turns, console, flags)),
      ),
    );
}
