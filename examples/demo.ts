/**
 * One turn from question to answer: a search that the model's server runs, a tool that we run, and the answer.
 * `npm run demo -- --help` tells what it can be run against.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from '@temporalio/worker';
import { defineAgent, defineTool, DurableTurnsPlugin } from 'durable-turns';
import type { TurnHandle } from 'durable-turns/client';
import { EventLogger } from 'durable-turns/events';
import type { Step } from 'durable-turns/events';
import { z } from 'zod';
import { uploadDocument } from './demo/document.js';
import { HELP, parseOptions } from './demo/options.js';
import type { DemoOptions } from './demo/options.js';
import {
  configuredModel,
  configuredTemporal,
  deleteResponses,
  ownModel,
  ownTemporal,
} from './demo/servers.js';
import { Cleanup, quietTemporal } from './support.js';

const QUESTION = 'How do you do great work? Search the document, and save a note of the answer.';

const notes = new Map<string, string>();
const saveNote = defineTool({
  name: 'save_note',
  description: 'Saves a note for later.',
  parameters: z.object({ text: z.string() }),
  // The key is the same for every attempt of this call, so a note is saved once.
  execute: ({ text }, { idempotencyKey }) => {
    notes.set(idempotencyKey, text);
    return `Saved as note ${[...notes.keys()].indexOf(idempotencyKey) + 1}.`;
  },
});

async function demo(options: DemoOptions, cleanup: Cleanup, stop: AbortSignal): Promise<void> {
  const turnId = `demo-${randomUUID().slice(0, 8)}`;
  const taskQueue = turnId; // nobody else's worker takes the turn
  const model = options.live ? configuredModel() : await ownModel(cleanup);
  const temporal = await (options.temporal ? configuredTemporal : ownTemporal)(taskQueue, cleanup);
  stop.throwIfAborted();

  const vectorStoreId = await uploadDocument(model, cleanup, stop);
  const librarian = defineAgent({
    name: 'librarian',
    model: model.name,
    instructions:
      'Answer from what you find in the documents, in a few sentences. Save a note when asked to.',
    tools: [{ type: 'file_search', vector_store_ids: [vectorStoreId] }, saveNote],
  });
  const worker = await Worker.create({
    connection: temporal.connection,
    namespace: temporal.namespace,
    taskQueue,
    plugins: [new DurableTurnsPlugin({ agents: [librarian], openai: model.openai })],
  });
  await worker.runUntil(async () => {
    const turn = await temporal.turns.start({ agent: 'librarian', input: QUESTION }, { turnId });
    cleanup.add(() => deleteResponses(model, turn));
    console.log(`Turn      ${temporal.pageOf(turnId)}\n\nYou: ${QUESTION}\n`);
    await follow(turn, stop);
  });
  if (options.stay) {
    console.log('The servers stay up until Ctrl-C.');
    if (!stop.aborted) await once(stop, 'abort');
  }
}

async function follow(turn: TurnHandle, stop: AbortSignal): Promise<void> {
  const logger = new EventLogger();
  try {
    for await (const event of turn.events({ signal: stop })) process.stdout.write(logger.log(event));
  } catch (error) {
    // The turn would outlive us, and wait for a worker that never comes.
    await turn.cancel();
    await turn.result().catch(() => undefined);
    throw error;
  }
  const { status, usage } = await turn.result();
  const { steps } = await turn.progress();
  console.log(`\nTurn ${status} with ${usage.total_tokens} tokens: ${steps.map(nameOf).join(' → ')}`);
}

function nameOf(step: Step): string {
  if (step.step_type === 'inference') return 'inference';
  return `${step.tool_name} (${step.server_side ? 'server-side' : 'client-side'})`;
}

/** What went wrong, and at the bottom of it. */
function wording(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} ${wording(error.cause)}`;
}

const stop = new AbortController();
const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('\nStopping; what was made is deleted first.');
    stop.abort(new Error(`Stopped by ${signal}.`));
  });
}
try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
  } else {
    // The worker must not stop by itself on Ctrl-C: it is needed to cancel the turn.
    quietTemporal({ shutdownSignals: [] });
    await demo(options, cleanup, stop.signal);
  }
} catch (error) {
  console.error(`\n${wording(error)}`);
  process.exitCode = 1;
} finally {
  await cleanup.run();
}
