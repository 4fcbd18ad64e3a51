/** `durable-turns approve` and `deny`: answers what a turn asks. */
import type { Command } from 'commander';
import type { InputOutcome, TurnHandle } from '../../client/index.js';
import type { OpenInput } from '../../events/index.js';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import { EXIT } from '../exit.js';
import { CommandError } from '../explain.js';
import { commandLine } from '../text/words.js';

interface DecideFlags extends ConnectionFlags {
  readonly by?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

const WORDS = {
  approve: { summary: 'allow a call that waits for approval', done: 'Approved', example: 'as agreed' },
  deny: { summary: 'refuse a call that waits for approval', done: 'Denied', example: 'too much' },
} as const;

export function addDecide(program: Command, cli: Cli, decision: keyof typeof WORDS): void {
  const { action, console } = cli;
  const { summary, done, example } = WORDS[decision];
  withConnectionFlags(program.command(`${decision} <turn> [input]`))
    .summary(summary)
    .description(
      `Decides what a turn waits for. Without an input id it is the one question that is open; of several, name one.`,
    )
    .option('--by <name>', 'who decides; watchers see it')
    .option('--reason <text>', decision === 'deny' ? 'why; the model is told' : 'why')
    .option('--json', 'the recorded decision as JSON')
    .addHelpText(
      'after',
      `
The same decision again is answered with what was recorded; another one is refused.

Examples:
  $ durable-turns ${decision} order-42
  $ durable-turns ${decision} order-42 input-1-80cc99159fe1 --by ada --reason '${example}'`,
    )
    .action(
      action((turnId: string, inputId: string | undefined, flags: DecideFlags) =>
        withTurns(flags, console, async (turns) => {
          const turn = turns.getHandle(turnId);
          const outcome = await decide(turn, inputId, decision, flags);
          if (flags.json) await console.out(`${JSON.stringify(outcome)}\n`);
          else console.err(`${done} ${outcome.input_id} at ${outcome.at}.\n`);
          return EXIT.ok;
        }),
      ),
    );
}

async function decide(
  turn: TurnHandle,
  inputId: string | undefined,
  decision: keyof typeof WORDS,
  { by, reason }: DecideFlags,
): Promise<InputOutcome> {
  const asked = await askedOf(turn, inputId);
  return turn[decision](asked, {
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  });
}

type Asked = Pick<OpenInput, 'input_id' | 'arguments_hash'>;

/** A question of this id may have been decided: then the turn's history still has it. */
async function askedOf(turn: TurnHandle, inputId: string | undefined): Promise<Asked> {
  const { inputs } = await turn.progress();
  if (inputId !== undefined) {
    return inputs.find(({ input_id }) => input_id === inputId) ?? (await askedBefore(turn, inputId));
  }
  const [only, ...others] = inputs;
  if (!only)
    throw new CommandError(`The turn asks nothing now. See ${commandLine('show', turn.turnId)}.`, EXIT.usage);
  if (others.length > 0) {
    const list = inputs.map(({ input_id, tool_name }) => `\n  ${input_id}  ${tool_name}`).join('');
    throw new CommandError(`The turn asks ${inputs.length} things; name one of them:${list}`);
  }
  return only;
}

async function askedBefore(turn: TurnHandle, inputId: string): Promise<Asked> {
  for await (const event of turn.events({ follow: false })) {
    if (event.type === 'input_required' && event.input_id === inputId) return event;
  }
  throw new CommandError(`The turn asks, and asked, nothing under ${inputId}.`);
}
