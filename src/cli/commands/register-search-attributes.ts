/** `durable-turns register-search-attributes`: lets lists find agents and sessions without looking through all turns. */
import type { Command } from 'commander';
import { registerSearchAttributes } from '../../client/index.js';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import { EXIT } from '../exit.js';

export function addRegisterSearchAttributes(program: Command, { action, console }: Cli): void {
  withConnectionFlags(program.command('register-search-attributes'))
    .summary('let lists find agents and sessions faster')
    .description(
      'Registers the search attributes DurableTurnsAgent and DurableTurnsSession in the namespace; does nothing where they are. Processes that start turns set them after their next start.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ durable-turns register-search-attributes --namespace agents`,
    )
    .action(
      action((flags: ConnectionFlags) =>
        withTurns(flags, console, async ({ client }) => {
          const names = await registerSearchAttributes(client);
          console.err(names.length > 0 ? `Registered ${names.join(' and ')}.\n` : 'They are registered.\n');
          return EXIT.ok;
        }),
      ),
    );
}
