/** `durable-turns list`: turns or sessions. */
import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import type { Listing, SessionFilter, TurnFilter } from '../../client/index.js';
import type { Cli } from '../cli.js';
import { withConnectionFlags, withTurns } from '../connection.js';
import type { ConnectionFlags } from '../connection.js';
import { EXIT } from '../exit.js';
import { CommandError } from '../explain.js';
import { sessionTable, turnTable } from '../text/turn-table.js';

interface ListFlags extends ConnectionFlags {
  readonly agent?: string;
  readonly status?: string;
  readonly session?: string;
  readonly startedAfter?: string;
  readonly startedBefore?: string;
  readonly limit: number;
  readonly json?: boolean;
}

const PAGE = 200;

export function addList(program: Command, { action, console }: Cli): void {
  withConnectionFlags(program.command('list'))
    .summary('list turns, or sessions')
    .description('Lists turns: those that run first, then those that ended last. A new one takes a moment.')
    .addArgument(new Argument('[what]', 'what to list').choices(['turns', 'sessions']).default('turns'))
    .option('--agent <name>', 'of this agent only')
    .option(
      '--status <status>',
      'turns: running, completed, failed, cancelled, terminated, timed_out; sessions: open, closed',
    )
    .option('--session <id>', 'turns of this session or conversation only')
    .option('--started-after <time>', 'a day or a time, as 2026-01-31 or 2026-01-31T12:00:00Z')
    .option('--started-before <time>', 'the same')
    .addOption(new Option('--limit <count>', 'how many at most').default(50).argParser(wholeNumber))
    .option('--json', 'one turn or session per line as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ durable-turns list --agent assistant --status running
  $ durable-turns list --status failed --started-after 2026-01-31 --json | jq -r .turn_id
  $ durable-turns list sessions --status open`,
    )
    .action(
      action((what: 'turns' | 'sessions', flags: ListFlags) =>
        withTurns(flags, console, async (turns) => {
          const { text, note } =
            what === 'turns'
              ? await listed(turns.list(turnFilter(flags)), flags, turnTable)
              : await listed(turns.listSessions(sessionFilter(flags)), flags, sessionTable);
          await console.out(text);
          if (note !== '') console.err(note);
          return EXIT.ok;
        }),
      ),
    );
}

async function listed<T>(
  listing: Listing<T>,
  { limit, json }: ListFlags,
  tableOf: (members: readonly T[]) => string,
): Promise<{ readonly text: string; readonly note: string }> {
  const found: T[] = [];
  // One more than asked for tells whether there are more.
  for await (const member of listing) {
    found.push(member);
    if (found.length > limit) break;
  }
  const members = found.slice(0, limit);
  const note = found.length > limit ? `There are more; --limit shows more than ${limit}.\n` : '';
  if (json) return { text: members.map((member) => `${JSON.stringify(member)}\n`).join(''), note };
  return { text: tableOf(members), note: members.length === 0 ? 'Nothing matches.\n' : note };
}

function turnFilter({ agent, status, session, startedAfter, startedBefore, limit }: ListFlags): TurnFilter {
  return {
    limit: Math.min(PAGE, limit + 1),
    ...(agent === undefined ? {} : { agent }),
    // The client knows the words, and refuses others.
    ...(status === undefined ? {} : { status: status as NonNullable<TurnFilter['status']> }),
    ...(session === undefined ? {} : { sessionId: session }),
    ...(startedAfter === undefined ? {} : { startedAfter }),
    ...(startedBefore === undefined ? {} : { startedBefore }),
  };
}

function sessionFilter(flags: ListFlags): SessionFilter {
  const { agent, status, session, startedAfter, startedBefore, limit } = flags;
  if (session !== undefined || startedAfter !== undefined || startedBefore !== undefined)
    throw new CommandError('Sessions are listed by --agent and --status alone.');
  return {
    limit: Math.min(PAGE, limit + 1),
    ...(agent === undefined ? {} : { agent }),
    ...(status === undefined ? {} : { status: status as NonNullable<SessionFilter['status']> }),
  };
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new CommandError(`--limit takes a whole number, not ${text}.`);
  return number;
}
