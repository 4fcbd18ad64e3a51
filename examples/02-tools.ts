/**
 * A tool of your own: it runs as an activity, is tried again when it throws, and does its work once all the same,
 * by its idempotency key.
 *
 *   npx tsx examples/02-tools.ts
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { defineAgent, defineTool, DurableTurnsPlugin } from 'durable-turns';
import { TurnClient } from 'durable-turns/client';
import { EventLogger } from 'durable-turns/events';
import { z } from 'zod';
import { runExample } from './support.js';

const taskQueue = 'tools';
/** Stands for a database with the idempotency key as its primary key. */
const bookings = new Map<string, string>();

const bookTable = defineTool({
  name: 'book_table',
  description: 'Books a table in a restaurant and returns the booking code.',
  parameters: z.object({ restaurant: z.string(), guests: z.int().min(1) }),
  execute: ({ restaurant, guests }, { idempotencyKey, attempt, report }) => {
    if (!bookings.has(idempotencyKey)) bookings.set(idempotencyKey, randomBytes(4).toString('hex'));
    report({ booked: restaurant, guests });
    if (attempt === 1) throw new Error('The connection broke after the booking was made.');
    return { code: bookings.get(idempotencyKey) };
  },
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});

const concierge = defineAgent({ name: 'concierge', model: 'gpt-5-mini', tools: [bookTable] });

await runExample(async ({ connection, client, openai }) => {
  const worker = await Worker.create({
    connection,
    taskQueue,
    plugins: [new DurableTurnsPlugin({ agents: [concierge], openai })],
  });
  const turns = new TurnClient({ client, taskQueue });
  return worker.runUntil(async () => {
    const turn = await turns.start({ agent: 'concierge', input: 'Book a table for 4 guests at "Da Enzo".' });
    const logger = new EventLogger();
    for await (const event of turn.events()) process.stdout.write(logger.log(event));

    const { final_text } = await turn.result();
    const { steps } = await turn.progress();
    const attempts = steps.find((step) => step.step_type === 'tool_execution')?.attempt;
    const [code, ...others] = bookings.values();
    assert.equal(attempts, 2);
    assert.deepEqual(others, []);
    assert.ok(code !== undefined && final_text.includes(code));
    return `02-tools: booked once in ${attempts} attempts, and the model was told ${code}`;
  });
});
