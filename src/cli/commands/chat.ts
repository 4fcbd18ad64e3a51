/** `durable-turns chat`: a session at the terminal. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { TurnHandle } from '../../client/index.js';
import type { InputRequired } from '../../events/index.js';
import { EventLogger } from '../../logger/event-logger.js';
import { oneLine } from '../../logger/wording.js';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTaskQueueFlag, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import type { Console } from '../console.js';
import { EXIT, exitOf } from '../exit.js';
import { CommandError, explain } from '../explain.js';
import type { Lines } from '../lines.js';
import { commandLine } from '../text/words.js';

interface ChatFlags extends ConnectionFlags {
  readonly session?: string;
}

export function addChat(program: Command, { action, console }: Cli): void {
  withTaskQueueFlag(withConnectionFlags(program.command('chat <agent>')))
    .summary('talk with an agent')
    .description(
      'Talks with an agent at the terminal: each line is a message, each answer a turn of one session. Asks you about calls that need approval.',
    )
    .option('--session <id>', 'go on with this session, or begin it (default: a new one)')
    .addHelpText(
      'after',
      `
Ctrl-C cancels the turn that runs; a second one, or one with nothing running, leaves. So does Ctrl-D. The session
stays: --session goes on with it, also on another machine.

Examples:
  $ durable-turns chat assistant
  $ durable-turns chat assistant --session support-7`,
    )
    .action(
      action((agent: string, flags: ChatFlags) =>
        withTurns(flags, console, async (turns) => {
          const session = turns.session(flags.session ?? `chat-${randomUUID().slice(0, 8)}`, { agent });
          const lines = console.readLines();
          try {
            await talk(lines, console, (input) => session.send(input));
          } finally {
            lines.close();
          }
          const again = commandLine('chat', agent, '--session', session.sessionId);
          console.err(`\nGo on with it:  ${again}\n`);
          return EXIT.ok;
        }),
      ),
    );
}

async function talk(
  lines: Lines,
  console: Console,
  send: (input: string) => Promise<TurnHandle>,
): Promise<void> {
  for (;;) {
    const leave = new AbortController();
    const done = console.onInterrupt(() => leave.abort());
    const line = await lines.next('> ', leave.signal).finally(done);
    if (line === undefined) return;
    if (line.trim() === '') continue;
    if ((await answer(await send(line), lines, console)) === 'left') return;
  }
}

/** Prints the turn that answers, to its end; the first Ctrl-C cancels it, the second leaves. */
async function answer(turn: TurnHandle, lines: Lines, console: Console): Promise<'ended' | 'left'> {
  const leave = new AbortController();
  const cancelled = new AbortController();
  const done = console.onInterrupt(() => {
    if (cancelled.signal.aborted) return leave.abort();
    cancelled.abort();
    console.err('\nCancelling ... Ctrl-C again leaves.\n');
    turn.cancel().catch((error: unknown) => console.err(`${explain(error).sentence}\n`));
  });
  const logger = new EventLogger();
  try {
    for await (const event of turn.events({ signal: leave.signal })) {
      await console.out(logger.log(event));
      if (event.type === 'input_required')
        await ask(turn, event, { lines, console, signal: cancelled.signal });
      if (exitOf(event) !== undefined) break;
    }
    // The second Ctrl-C may come when the end is already there.
    return leave.signal.aborted ? 'left' : 'ended';
  } catch (error) {
    if (!leave.signal.aborted) throw error;
    return 'left';
  } finally {
    done();
  }
}

interface Asking {
  readonly lines: Lines;
  readonly console: Console;
  /** Nobody needs the answer any more. */
  readonly signal: AbortSignal;
}

async function ask(
  turn: TurnHandle,
  input: InputRequired,
  { lines, console, signal }: Asking,
): Promise<void> {
  if (input.kind === 'tool_output') {
    console.err(`It waits for the output of ${oneLine(input.tool_name)}, which somebody else has to give.\n`);
    return;
  }
  for (;;) {
    console.err(`Allow ${oneLine(input.tool_name)}(${oneLine(input.arguments)})? y, or n and why\n`);
    const line = (await lines.answer('y/n> ', signal))?.trim();
    if (line === undefined && signal.aborted) return;
    if (line === undefined) throw new CommandError(leftOpen(turn, input));
    const [, no, reason = ''] = /^(n|no)\b[\s,:]*(.*)$/i.exec(line) ?? [];
    const yes = /^y(es)?$/i.test(line);
    if (!yes && no === undefined) continue;
    try {
      if (yes) await turn.approve(input);
      else await turn.deny(input, reason === '' ? {} : { reason });
    } catch (error) {
      console.err(`${explain(error).sentence}\n`);
    }
    return;
  }
}

/** Nobody is left to be asked; the turn waits for somebody else, who may be long in coming. */
function leftOpen({ turnId }: TurnHandle, { tool_name, input_id }: InputRequired): string {
  const decide = commandLine('approve', turnId, input_id);
  const read = commandLine('result', turnId);
  return `The input ended before ${oneLine(tool_name)} was decided, and the turn waits. Decide with  ${decide}  (or deny), then read it with  ${read}`;
}
