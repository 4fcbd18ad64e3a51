/** Where the demo goes: its own servers, or those that TEMPORAL_* and OPENAI_* name. */
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { TurnClient } from 'durable-turns/client';
import type { TurnHandle } from 'durable-turns/client';
import OpenAI, { NotFoundError } from 'openai';
import { embeddedTemporal, scriptedModel } from '../support.js';
import type { Cleanup } from '../support.js';

export interface DemoTemporal {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly turns: TurnClient;
  /** The page of a turn in the Temporal UI, where its address is known. */
  readonly pageOf: (turnId: string) => string;
}

export interface DemoModel {
  readonly name: string;
  readonly openai: OpenAI;
  readonly embeddingModel: string | undefined;
}

/** So that tokens can be seen coming, here and in the Temporal UI. */
const DELTAS_PER_SECOND = 8;

export async function ownTemporal(taskQueue: string, cleanup: Cleanup): Promise<DemoTemporal> {
  const { server, connection, client } = await embeddedTemporal(cleanup, { ui: true });
  const { namespace, uiAddress } = server;
  console.log(`Temporal  started here, with its UI at ${uiAddress}`);
  return {
    connection,
    namespace,
    turns: new TurnClient({ client, taskQueue }),
    pageOf: (turnId) => `${uiAddress}/namespaces/${namespace}/workflows/${turnId}`,
  };
}

export async function configuredTemporal(taskQueue: string, cleanup: Cleanup): Promise<DemoTemporal> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  console.log(`Temporal  ${connectionOptions.address ?? 'localhost:7233'}, namespace ${namespace}`);
  const connection = await NativeConnection.connect(connectionOptions).catch((cause: unknown) => {
    throw new Error('No Temporal server answers there.', { cause });
  });
  cleanup.add(() => connection.close());
  const turns = await TurnClient.connect({ taskQueue });
  cleanup.add(() => turns.close());
  return { connection, namespace, turns, pageOf: (turnId) => `workflow id ${turnId}` };
}

export async function ownModel(cleanup: Cleanup): Promise<DemoModel> {
  const { openai } = await scriptedModel(cleanup, { perSecond: DELTAS_PER_SECOND });
  console.log(`Model     none: a script answers at ${openai.baseURL}, over the wire of the Responses API`);
  return { name: 'scripted', openai: new OpenAI(openai), embeddingModel: undefined };
}

export function configuredModel(): DemoModel {
  const { MODEL: name, EMBEDDING_MODEL: embeddingModel } = process.env;
  if (!name) throw new Error('--live needs MODEL: set it to the name of a model that the server knows.');
  const openai = new OpenAI();
  console.log(`Model     ${name} at ${openai.baseURL}`);
  return { name, openai, embeddingModel: embeddingModel || undefined };
}

/** The server keeps them, as the chain that a next turn could go on from; one that was cut off it may not have kept. */
export async function deleteResponses({ openai }: DemoModel, turn: TurnHandle): Promise<void> {
  const { response_ids } = await turn.progress();
  for (const id of response_ids) {
    await openai.responses.delete(id).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
  }
}
