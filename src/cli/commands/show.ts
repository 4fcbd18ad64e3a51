/** `durable-turns show`: how a turn stands. */
import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import { EXIT } from '../exit.js';
import { progressText } from '../text/progress-text.js';

interface ShowFlags extends ConnectionFlags {
  readonly json?: boolean;
}

export function addShow(program: Command, { action, console }: Cli): void {
  withConnectionFlags(program.command('show <turn>'))
    .summary('tell how a turn stands')
    .description('Tells how a turn stands: its steps, what it waits for, its answer. Does not wait.')
    .option('--json', 'the TurnProgress as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ durable-turns show order-42
  $ durable-turns show order-42 --json | jq .usage`,
    )
    .action(
      action((turnId: string, flags: ShowFlags) =>
        withTurns(flags, console, async (turns) => {
          const progress = await turns.getHandle(turnId).progress();
          await console.out(flags.json ? `${JSON.stringify(progress)}\n` : progressText(progress));
          return EXIT.ok;
        }),
      ),
    );
}
