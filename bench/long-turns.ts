/** A turn of 300 tool calls with 20 KB results and 100,000 streamed tokens: over its runs, and for its readers. */
import { isDeepStrictEqual } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { TurnClient } from '../src/client/index.js';
import type { EventWithId, TurnHandle } from '../src/client/index.js';
import { advance, emptyProgress } from '../src/events.js';
import { toNumber } from '../src/history/event-time.js';
import { defineAgent, defineTool, DurableTurnsPlugin } from '../src/index.js';
import { reply, ScriptedResponsesServer, startTemporal } from '../src/testing/index.js';
import { figure } from './figure.js';
import type { Figure } from './figure.js';

const CALLS = 300;
const TOKENS_PER_ANSWER = 340;
const RESULT_BYTES = 20_000;
const AGENTS = ['previous_response', 'stateless'] as const;

export async function longTurnFigures(): Promise<readonly Figure[]> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const temporal = await startTemporal();
  const model = await ScriptedResponsesServer.start({
    script: ({ outputs }) =>
      outputs.length < CALLS
        ? [reply.text('word '.repeat(TOKENS_PER_ANSWER)), reply.functionCall('look_up')]
        : reply.text('Found it.'),
  });
  const lookUp = defineTool({
    name: 'look_up',
    parameters: z.object({}),
    execute: () => 'x'.repeat(RESULT_BYTES),
  });
  const agents = AGENTS.map((state) =>
    defineAgent({ name: state, model: 'scripted', tools: [lookUp], state }),
  );
  const native = await NativeConnection.connect({ address: temporal.address });
  const connection = await Connection.connect({
    address: temporal.address,
    channelArgs: { 'grpc.max_receive_message_length': 128 * 1024 * 1024 },
  });
  const client = new Client({ connection });
  const openai = { apiKey: 'k', baseURL: model.url };
  const worker = await Worker.create({
    connection: native,
    taskQueue: 'bench',
    plugins: [new DurableTurnsPlugin({ agents, openai })],
  });
  const turns = new TurnClient({ client, taskQueue: 'bench' });
  try {
    return await worker.runUntil(async () => {
      const figures: Figure[] = [];
      for (const state of AGENTS) {
        const turn = await turns.start({ agent: state, input: 'Look it all up.' });
        figures.push(...(await taken(client, turn, state)));
      }
      return figures;
    });
  } finally {
    await connection.close();
    await native.close();
    await model.stop();
    await temporal.stop();
  }
}

async function taken(client: Client, turn: TurnHandle, state: string): Promise<readonly Figure[]> {
  const live = await read(turn);
  const late = await read(turn);
  const { end } = fold(turn, live);
  const isWhole = end?.type === 'turn_completed' && end.status === 'completed';
  const runs = [...new Set(live.map(({ id }) => id.split('.')[1] ?? ''))];
  const bytes = await Promise.all(runs.map((runId) => historyBytes(client, turn.turnId, runId)));
  const calls = runs.map((runId) => callsIn(live, runId));
  const perCall = bytes.map((size, index) => size / Math.max(1, calls[index] ?? 0));
  // The last run may be a short one, in which what was carried counts for much.
  const whole = perCall.length > 2 ? perCall.slice(0, -1) : perCall;
  const growth = (whole.at(-1) ?? Number.NaN) / (whole[0] ?? Number.NaN);
  const conditions = { state, calls: CALLS, result_bytes: RESULT_BYTES, tokens: CALLS * TOKENS_PER_ANSWER };
  return [
    figure('long_turn_runs', {
      value: isWhole ? runs.length : 0,
      unit: 'runs',
      bar: { atLeast: 2 },
      conditions,
    }),
    figure('long_turn_readers_differ', {
      value: isDeepStrictEqual(fold(turn, live), fold(turn, late)) ? 0 : 1,
      unit: 'readers',
      bar: { atMost: 0 },
      conditions,
    }),
    figure('long_turn_bytes_per_call', { value: whole[0] ?? Number.NaN, unit: 'bytes', conditions }),
    // Linear: a call late in the turn costs what an early one does.
    figure('long_turn_growth', { value: growth, unit: 'late / early', bar: { atMost: 1.25 }, conditions }),
  ];
}

async function read(turn: TurnHandle): Promise<readonly EventWithId[]> {
  const events: EventWithId[] = [];
  for await (const event of turn.events()) events.push(event);
  return events;
}

function fold({ turnId }: TurnHandle, events: readonly EventWithId[]) {
  return events.map(({ id: _id, ...event }) => event).reduce(advance, emptyProgress(turnId));
}

function callsIn(events: readonly EventWithId[], runId: string): number {
  return events.filter(
    (event) =>
      event.id.includes(runId) && event.type === 'step_completed' && event.step_type === 'tool_execution',
  ).length;
}

async function historyBytes(client: Client, workflowId: string, runId: string): Promise<number> {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  return toNumber(raw.workflowExecutionInfo?.historySizeBytes);
}
