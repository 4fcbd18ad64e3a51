/** `durable-turns show`: how a turn stands. */
import type { Command } from 'commander';
import { InvalidTurnInputError, TurnNotFoundError } from '../../client/index.js';
import type { TurnHandle, TurnInput } from '../../client/index.js';
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
    .description(
      'Tells how a turn stands: what it was asked, its steps, what it waits for, its answer. Does not wait.',
    )
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
          const turn = turns.getHandle(turnId);
          const progress = await turn.progress();
          if (flags.json) await console.out(`${JSON.stringify(progress)}\n`);
          else await console.out(progressText(progress, await inputOf(turn)));
          return EXIT.ok;
        }),
      ),
    );
}

/** A turn may be there whose input cannot be right: it has failed, and its progress says why. */
async function inputOf(turn: TurnHandle): Promise<TurnInput['input'] | undefined> {
  try {
    return (await turn.input()).input;
  } catch (error) {
    if (error instanceof InvalidTurnInputError || error instanceof TurnNotFoundError) return undefined;
    throw error;
  }
}
