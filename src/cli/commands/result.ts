/** `durable-turns result`: waits for a turn's end and prints its answer. */
import type { Command } from 'commander';
import type { TurnHandle } from '../../client/index.js';
import type { TurnEndEvent } from '../../events/index.js';
import { tellWhenAway } from '../away.js';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import type { Console } from '../console.js';
import { EXIT, exitOf } from '../exit.js';
import type { ExitCode } from '../exit.js';
import { CommandError } from '../explain.js';

interface ResultFlags extends ConnectionFlags {
  readonly json?: boolean;
}

export function addResult(program: Command, { action, console }: Cli): void {
  withConnectionFlags(program.command('result <turn>'))
    .summary('wait for a turn and print its answer')
    .description('Waits for the end of a turn and prints its final text.')
    .option('--json', 'the event that ended the turn, as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 completed, 1 failed, 3 cancelled, 4 incomplete.

Examples:
  $ durable-turns result order-42 > answer.txt
  $ timeout 60 durable-turns result order-42 --json`,
    )
    .action(
      action((turnId: string, flags: ResultFlags) =>
        withTurns(flags, console, async (turns) => {
          const away = tellWhenAway(turns.client, (text) => console.err(text));
          const end = await endOf(turns.getHandle(turnId)).finally(() => away.stop());
          await console.out(flags.json ? `${JSON.stringify(end)}\n` : textOf(end));
          return tell(end, flags, console);
        }),
      ),
    );
}

async function endOf(turn: TurnHandle): Promise<TurnEndEvent> {
  for await (const { id: _id, ...event } of turn.events()) {
    if (event.type === 'turn_completed' || event.type === 'turn_failed' || event.type === 'turn_cancelled')
      return event;
  }
  throw new CommandError(`The history of turn ${turn.turnId} stops before its end.`, EXIT.unexpected);
}

function textOf(end: TurnEndEvent): string {
  if (end.type !== 'turn_completed') return '';
  const text = end.refusal ?? end.final_text;
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function tell(end: TurnEndEvent, { json }: ResultFlags, console: Console): ExitCode {
  if (!json && end.type === 'turn_failed') console.err(`The turn failed: ${end.error.message}\n`);
  if (!json && end.type === 'turn_cancelled') console.err('The turn was cancelled.\n');
  if (!json && end.type === 'turn_completed' && end.status === 'incomplete')
    console.err(`The turn is incomplete: ${end.stop_reason}\n`);
  return exitOf(end) ?? EXIT.ok;
}
