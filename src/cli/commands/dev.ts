/** `durable-turns dev`: everything embedded, to try things out: no server, no key, no code. */
import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import type { Console } from '../console.js';
import { EXIT } from '../exit.js';
import type { ExitCode } from '../exit.js';
import { CommandError } from '../explain.js';
import { portOf } from '../gateway-flags.js';
import { untilInterrupted } from '../until-interrupted.js';

interface DevFlags {
  readonly port: number;
  readonly live?: boolean;
  readonly db?: string;
}

const TASK_QUEUE = 'agents';
/** So that words can be seen coming. */
const DELTAS_PER_SECOND = 25;

export function addDev(program: Command, { action, console }: Cli): void {
  program
    .command('dev')
    .summary('try everything in one process: Temporal, a worker, the page')
    .description(
      'Starts a Temporal dev server, a worker with the sample agent "assistant" and the gateway with the viewer. A script answers in place of a model; with --live it is the one of OPENAI_API_KEY, OPENAI_BASE_URL and MODEL.',
    )
    .option('--port <number>', 'port of the gateway; 0: one that is free', portOf, 8484)
    .option('--live', 'ask a real model (MODEL, default gpt-5-mini)')
    .option('--db <file>', 'keep the turns in this file (default: they are gone with the process)')
    .addHelpText(
      'after',
      `
It looks for the Temporal CLI (TEMPORAL_CLI_PATH, PATH, its cache), and else downloads it once. It uses no other
TEMPORAL_* settings and listens on this machine alone. Ctrl-C stops all of it.

Examples:
  $ npx durable-turns dev
  $ OPENAI_API_KEY=sk-... MODEL=gpt-5-mini npx durable-turns dev --live`,
    )
    .action(action((flags: DevFlags) => dev(flags, console)));
}

async function dev({ port, live = false, db }: DevFlags, console: Console): Promise<ExitCode> {
  const { env } = console;
  if (live && !env['OPENAI_API_KEY'])
    throw new CommandError('--live needs OPENAI_API_KEY; any value will do for a server that asks for none.');
  // Loaded when they are needed: the other commands start without them.
  const { startSampleWorker, startTemporal } = await import('../../dev/index.js');
  const { serveGateway } = await import('../../gateway/index.js');
  const { ScriptedResponsesServer } = await import('../../testing/index.js');

  // Whoever presses Ctrl-C while it starts is heard at once, and no next part begins.
  let stopped = false;
  const stopping = untilInterrupted(console).then(() => {
    stopped = true;
    console.err('Stopping ...\n');
  });
  const started: (() => Promise<unknown>)[] = [];
  try {
    const temporal = await startTemporal({
      ui: true,
      log: (line) => console.err(`${line}\n`),
      ...(db === undefined ? {} : { dbFilename: db }),
    });
    started.push(() => temporal.stop());
    if (stopped) return EXIT.ok;
    const script = live ? undefined : await ScriptedResponsesServer.start({ perSecond: DELTAS_PER_SECOND });
    if (script) started.push(() => script.stop());
    const worker = await startSampleWorker({
      address: temporal.address,
      namespace: temporal.namespace,
      taskQueue: TASK_QUEUE,
      model: live ? env['MODEL'] || 'gpt-5-mini' : 'scripted',
      ...(script ? { openai: { apiKey: 'none', baseURL: script.url } } : {}),
    });
    started.push(() => worker.stop());
    if (stopped) return EXIT.ok;
    const gateway = await serveGateway({ turns: worker.turns, port, agents: ['assistant'] });
    started.push(() => gateway.close({ drainMs: 1_000 }));
    const model = script ? 'none: a script answers (--live asks a real one)' : env['MODEL'] || 'gpt-5-mini';
    await console.out(`
Viewer    ${gateway.url}
Temporal  ${temporal.address}, its UI at ${temporal.uiAddress ?? 'none'}
Agent     assistant, on the task queue ${TASK_QUEUE}
Model     ${model}

In another terminal:
  export TEMPORAL_ADDRESS=${temporal.address}
  npx durable-turns start assistant 'What is the current time in "Europe/Paris"?' --watch

Ctrl-C stops everything.
`);
    await Promise.race([stopping, worker.running]);
    return EXIT.ok;
  } finally {
    for (const stop of started.toReversed()) await stop();
  }
}
