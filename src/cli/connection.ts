/** Where Temporal is: the flags that every command has which asks it, and the client that they make. */
import type { Command } from 'commander';
import { TemporalUnreachableError, TurnClient } from '../client/index.js';
import type { Console } from './console.js';
import { CommandError } from './explain.js';

export interface ConnectionFlags {
  readonly address?: string;
  readonly namespace?: string;
  readonly profile?: string;
  readonly taskQueue?: string;
}

export function withConnectionFlags(command: Command): Command {
  return command
    .option('--address <host:port>', 'Temporal server (default: TEMPORAL_ADDRESS, else localhost:7233)')
    .option('--namespace <name>', 'Temporal namespace (default: TEMPORAL_NAMESPACE, else default)')
    .option('--profile <name>', "profile of Temporal's configuration file (default: TEMPORAL_PROFILE)");
}

export function withTaskQueueFlag(command: Command): Command {
  return command.option(
    '--task-queue <name>',
    'task queue of the workers (default: TASK_QUEUE, else agents)',
  );
}

export function taskQueueOf({ taskQueue }: ConnectionFlags, { env }: Console): string {
  return taskQueue ?? (env['TASK_QUEUE'] || 'agents');
}

/** Whoever waits is told why. */
const SOON_MS = 2_500;
/** A slow network or a server that is just coming up. */
const LATE_MS = 5_000;

/** Connects, and closes the connection behind what is done with it. */
export async function withTurns<T>(
  flags: ConnectionFlags,
  console: Console,
  use: (turns: TurnClient) => Promise<T>,
): Promise<T> {
  const turns = await connect(flags, console);
  try {
    return await use(turns);
  } finally {
    await turns.close();
  }
}

export async function connect(flags: ConnectionFlags, console: Console): Promise<TurnClient> {
  const { address, namespace, profile } = flags;
  const within = (connectTimeout: number): Promise<TurnClient> =>
    TurnClient.connect({
      taskQueue: taskQueueOf(flags, console),
      connectTimeout,
      ...(address === undefined ? {} : { address }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(profile === undefined ? {} : { profile }),
    });
  try {
    return await within(SOON_MS).catch((error: unknown) => {
      if (!(error instanceof TemporalUnreachableError)) throw error;
      const { address: asked } = error;
      console.err(
        `No Temporal server answers at ${asked} so far; trying for ${String(LATE_MS / 1000)} s more. (temporal server start-dev starts one, durable-turns dev everything.)\n`,
      );
      return within(LATE_MS);
    });
  } catch (error) {
    if (error instanceof TemporalUnreachableError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `Temporal cannot be asked with these settings: ${why}. Correct TEMPORAL_* or the profile.`,
    );
  }
}
