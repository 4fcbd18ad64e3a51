/**
 * The smallest turn: an agent without tools, a worker that runs it, a client that starts a turn, follows its
 * events and asks again when all is over.
 *
 *   npx tsx examples/01-hello-turn.ts
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { defineAgent, DurableTurnsPlugin } from 'durable-turns';
import { TurnClient } from 'durable-turns/client';
import { EventLogger } from 'durable-turns/events';
import { runExample } from './support.js';

const taskQueue = 'hello';
const number = randomInt(1_000_000);

const assistant = defineAgent({
  name: 'assistant',
  model: 'gpt-5-mini',
  instructions: 'Answer in one sentence.',
});

await runExample(async ({ connection, client, openai }) => {
  const worker = await Worker.create({
    connection,
    taskQueue,
    plugins: [new DurableTurnsPlugin({ agents: [assistant], openai })],
  });
  const turns = new TurnClient({ client, taskQueue });
  const turn = await turns.start({ agent: 'assistant', input: `My number is ${number}. Which one is it?` });

  await worker.runUntil(async () => {
    const logger = new EventLogger();
    for await (const event of turn.events()) process.stdout.write(logger.log(event));
  });

  // The worker is gone. What happened stands in Temporal's history, and any process can read it there.
  const { final_text, usage } = await turn.result();
  const { state, steps } = await turn.progress();
  assert.equal(state, 'completed');
  assert.equal(steps.length, 1);
  assert.ok(final_text.includes(String(number)));
  return `01-hello-turn: answered with ${number} in one step, ${usage.total_tokens} tokens`;
});
