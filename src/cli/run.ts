/** The command line, apart from the process it runs in: arguments in, text and exit code out. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { Cli } from './cli.js';
import { addCancel } from './commands/cancel.js';
import { addChat } from './commands/chat.js';
import { addDecide } from './commands/decide.js';
import { addDev } from './commands/dev.js';
import { addInspect } from './commands/inspect.js';
import { addList } from './commands/list.js';
import { addRegisterSearchAttributes } from './commands/register-search-attributes.js';
import { addResult } from './commands/result.js';
import { addServe } from './commands/serve.js';
import { addShow } from './commands/show.js';
import { addStart } from './commands/start.js';
import { addWatch } from './commands/watch.js';
import type { Console } from './console.js';
import { EXIT } from './exit.js';
import type { ExitCode } from './exit.js';
import { explain } from './explain.js';

const MORE = `
Examples:
  $ npx durable-turns dev
  $ durable-turns start assistant 'Where is order 42?' --watch
  $ durable-turns chat assistant

Exit codes:
  0    done; of a turn: completed
  1    the turn failed
  2    the command line, its input or what it names is wrong
  3    the turn was cancelled
  4    the turn is incomplete
  69   Temporal, its CLI, a worker or a port is not there
  70   something that nobody foresaw
  130  Ctrl-C

TEMPORAL_* and Temporal's configuration file say where Temporal is; flags override them.`;

/** Runs a command; resolves to the process's exit code. */
export async function run(args: readonly string[], console: Console): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok;
  const cli: Cli = {
    console,
    action:
      (command) =>
      async (...given) => {
        exit = await command(...given);
      },
  };
  const printed: Promise<void>[] = [];
  const program = programOf(cli, (text) => printed.push(console.out(text)));
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has told what is wrong, or has printed the help that was asked for.
    if (error instanceof CommanderError) exit = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else {
      const { exit: code, sentence } = explain(error);
      console.err(`durable-turns: ${sentence}\n`);
      exit = code;
    }
  }
  await Promise.all(printed);
  return exit;
}

function programOf(cli: Cli, out: (text: string) => void): Command {
  const program = new Command('durable-turns')
    .description('Starts, follows and steers durable turns of AI agents.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: (text) => cli.console.err(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'durable-turns: ')),
    })
    .addHelpText('after', MORE);
  addStart(program, cli);
  addWatch(program, cli);
  addShow(program, cli);
  addResult(program, cli);
  addList(program, cli);
  addCancel(program, cli);
  addDecide(program, cli, 'approve');
  addDecide(program, cli, 'deny');
  addChat(program, cli);
  addServe(program, cli);
  addDev(program, cli);
  addInspect(program, cli);
  addRegisterSearchAttributes(program, cli);
  return program;
}

function version(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(file) as { readonly version?: unknown }).version);
}
