/**
 * A tool that somebody else runs: it has no `execute`. The turn waits for its output, which any process may
 * submit: a service, a queue's consumer, a person at a form.
 *
 *   npx tsx examples/04-external-tool.ts
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { defineAgent, defineTool, DurableTurnsPlugin } from 'durable-turns';
import { TurnClient } from 'durable-turns/client';
import type { TurnHandle } from 'durable-turns/client';
import { EventLogger } from 'durable-turns/events';
import { z } from 'zod';
import { runExample } from './support.js';

const taskQueue = 'external-tool';

const askWarehouse = defineTool({
  name: 'ask_warehouse',
  description: 'Asks the warehouse where an article lies.',
  parameters: z.object({ article: z.string() }),
  inputTimeout: '2 days',
});

const clerk = defineAgent({ name: 'clerk', model: 'gpt-5-mini', tools: [askWarehouse] });

/** Stands for the warehouse: it knows nothing but the turn's id, and answers what it is asked. */
async function warehouse(turn: TurnHandle, shelf: string): Promise<void> {
  for (;;) {
    const { inputs } = await turn.progress();
    const [asked] = inputs;
    if (asked) {
      await turn.submitToolOutput(asked, { shelf }, { by: 'warehouse' });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

await runExample(async ({ connection, client, openai }) => {
  const worker = await Worker.create({
    connection,
    taskQueue,
    plugins: [new DurableTurnsPlugin({ agents: [clerk], openai })],
  });
  const turns = new TurnClient({ client, taskQueue });
  return worker.runUntil(async () => {
    const turn = await turns.start({
      agent: 'clerk',
      input: 'Ask the warehouse for the article "blue lamp".',
    });
    const shelf = randomBytes(3).toString('hex');
    const answering = warehouse(turns.getHandle(turn.turnId), shelf);
    const logger = new EventLogger();
    for await (const event of turn.events()) process.stdout.write(logger.log(event));
    await answering;

    const { final_text } = await turn.result();
    assert.ok(final_text.includes(shelf));
    return `04-external-tool: the warehouse answered shelf ${shelf}, and the model was told`;
  });
});
