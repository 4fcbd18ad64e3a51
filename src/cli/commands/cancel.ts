/** `durable-turns cancel`: asks a turn to end. */
import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import { EXIT } from '../exit.js';

export function addCancel(program: Command, { action, console }: Cli): void {
  withConnectionFlags(program.command('cancel <turn>'))
    .summary('ask a turn to end')
    .description('Asks a turn to end; one that has ended stays as it is. Does not wait: see result.')
    .addHelpText(
      'after',
      `
Examples:
  $ durable-turns cancel order-42
  $ durable-turns list --status running --json | jq -r .turn_id | xargs -n 1 durable-turns cancel`,
    )
    .action(
      action((turnId: string, flags: ConnectionFlags) =>
        withTurns(flags, console, async (turns) => {
          await turns.getHandle(turnId).cancel();
          console.err('Asked the turn to end.\n');
          return EXIT.ok;
        }),
      ),
    );
}
