/** What the examples share: servers of their own, started for the run, and all that was made undone at its end. */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { ScriptedResponsesServer, startTemporal } from 'durable-turns/testing';
import type { EmbeddedTemporal, ScriptedResponsesOptions } from 'durable-turns/testing';

/** What was started or made is undone newest first; a step that fails does not keep the others from running. */
export class Cleanup {
  readonly #undo: (() => Promise<unknown>)[] = [];

  add(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }

  async run(): Promise<void> {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) {
      await undo().catch((error: unknown) => console.error(`Left behind: ${String(error)}`));
    }
  }
}

/** Both ends of a connection to a Temporal server. */
export interface TemporalConnections {
  /** For the worker. */
  readonly connection: NativeConnection;
  /** For the TurnClient. */
  readonly client: Client;
}

export interface ModelServer {
  /** For DurableTurnsPlugin and for any other OpenAI client. */
  readonly openai: { readonly apiKey: string; readonly baseURL: string };
}

/** Call it before the first connection: the SDK else prints a page for each worker. */
export function quietTemporal({ shutdownSignals }: { shutdownSignals?: NodeJS.Signals[] } = {}): void {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger, ...(shutdownSignals ? { shutdownSignals } : {}) });
}

export async function embeddedTemporal(
  cleanup: Cleanup,
  { ui = false }: { ui?: boolean } = {},
): Promise<TemporalConnections & { readonly server: EmbeddedTemporal }> {
  const log = (line: string): void => console.log(line);
  const server = await startTemporal({ ui, log });
  cleanup.add(() => server.stop());
  const connection = await NativeConnection.connect({ address: server.address });
  cleanup.add(() => connection.close());
  const clientConnection = await Connection.connect({ address: server.address });
  cleanup.add(() => clientConnection.close());
  return { server, connection, client: new Client({ connection: clientConnection }) };
}

export async function scriptedModel(
  cleanup: Cleanup,
  options: ScriptedResponsesOptions = {},
): Promise<ModelServer> {
  const server = await ScriptedResponsesServer.start(options);
  cleanup.add(() => server.stop());
  return { openai: { apiKey: 'any', baseURL: server.url } };
}

/** Gives an example its servers and prints what it returns as the last line; any error makes the exit code 1. */
export async function runExample(
  example: (servers: TemporalConnections & ModelServer) => Promise<string>,
): Promise<void> {
  const cleanup = new Cleanup();
  try {
    quietTemporal();
    const [temporal, model] = [await embeddedTemporal(cleanup), await scriptedModel(cleanup)];
    const lastLine = await example({ ...temporal, ...model });
    await cleanup.run();
    console.log(lastLine);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    await cleanup.run();
  }
}
