/**
 * A person decides before a tool runs. The question survives the worker: it may wait for days, costs nothing
 * meanwhile, and the tool runs once.
 *
 *   npx tsx examples/03-approval.ts
 */
import assert from 'node:assert/strict';
import { Worker } from '@temporalio/worker';
import { defineAgent, defineTool, DurableTurnsPlugin } from 'durable-turns';
import { TurnClient } from 'durable-turns/client';
import { EventLogger } from 'durable-turns/events';
import type { InputRequired } from 'durable-turns/events';
import { z } from 'zod';
import { runExample } from './support.js';

const taskQueue = 'approval';
const refunds: number[] = [];

const refund = defineTool({
  name: 'refund',
  description: 'Refunds an order.',
  parameters: z.object({ order: z.int(), cents: z.int() }),
  // Small sums need nobody.
  needsApproval: ({ cents }) => cents > 1000,
  execute: ({ order, cents }) => {
    refunds.push(cents);
    return `Refunded ${cents} cents for order ${order}.`;
  },
});

const clerk = defineAgent({ name: 'clerk', model: 'gpt-5-mini', tools: [refund] });

await runExample(async ({ connection, client, openai }) => {
  const startWorker = () =>
    Worker.create({
      connection,
      taskQueue,
      plugins: [new DurableTurnsPlugin({ agents: [clerk], openai })],
    });
  const turns = new TurnClient({ client, taskQueue });
  const turn = await turns.start({ agent: 'clerk', input: 'Refund order 42, 4200 cents, please.' });
  const logger = new EventLogger();

  const first = await startWorker();
  const question = await first.runUntil(async (): Promise<InputRequired> => {
    for await (const event of turn.events()) {
      process.stdout.write(logger.log(event));
      if (event.type === 'input_required') return event;
    }
    throw new Error('the turn ended without a question');
  });
  assert.deepEqual(refunds, []);

  // The worker is gone, the question is not: whoever has the turn's id finds it in progress().inputs, too.
  const second = await startWorker();
  await second.runUntil(async () => {
    await turn.approve(question, { by: 'ada' });
    await turn.result();
  });

  const { final_text } = await turn.result();
  assert.deepEqual(refunds, [4200]);
  assert.match(final_text, /Refunded 4200 cents for order 42/);
  return `03-approval: asked, went on with another worker, and refunded ${refunds[0]} cents once`;
});
