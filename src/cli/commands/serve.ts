/** `durable-turns serve`: the gateway with the viewer. */
import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTaskQueueFlag, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import { EXIT } from '../exit.js';
import { CommandError } from '../explain.js';
import { serveOptionsOf, TOKENS, withGatewayFlags } from '../gateway-flags.js';
import type { GatewayFlags } from '../gateway-flags.js';
import { untilInterrupted } from '../until-interrupted.js';

export function addServe(program: Command, { action, console }: Cli): void {
  withGatewayFlags(withTaskQueueFlag(withConnectionFlags(program.command('serve'))))
    .summary('serve turns over HTTP, with a page to watch them')
    .description(
      `Serves turns over HTTP and server-sent events, with the viewer at /. ${TOKENS} holds the bearer tokens, separated by commas; without any it listens on loopback only.`,
    )
    .addHelpText(
      'after',
      `
Ctrl-C and SIGTERM let it finish what is under way; those who follow a turn go on elsewhere with their cursor.

Examples:
  $ durable-turns serve
  $ ${TOKENS}=$(openssl rand -hex 32) durable-turns serve --host 0.0.0.0 --port 80`,
    )
    .action(
      action((flags: ConnectionFlags & GatewayFlags) =>
        withTurns(flags, console, async (turns) => {
          // Loaded when it is needed: the other commands start without it.
          const { serveGateway } = await import('../../gateway/index.js');
          const options = serveOptionsOf(flags, console);
          const server = await serveGateway({ turns, ...options }).catch((error: unknown) => {
            throw error instanceof Error && error.name === 'GatewayConfigurationError'
              ? new CommandError(`Others can reach ${flags.host}: set ${TOKENS}, or say --no-auth.`)
              : error;
          });
          await console.out(`Gateway  ${server.url}\n`);
          await untilInterrupted(console);
          console.err('Stopping ...\n');
          await server.close();
          return EXIT.ok;
        }),
      ),
    );
}
