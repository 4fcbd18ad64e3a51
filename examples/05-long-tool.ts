/**
 * A tool that takes days: a child workflow. It needs no worker while it waits, and the turn goes on when it is
 * done, on whatever worker is there then.
 *
 *   npx tsx examples/05-long-tool.ts
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { defineAgent, DurableTurnsPlugin, workflowTool } from 'durable-turns';
import { TurnClient } from 'durable-turns/client';
import { EventLogger } from 'durable-turns/events';
import { z } from 'zod';
import { runExample } from './support.js';

const taskQueue = 'long-tool';

const deliver = workflowTool({
  name: 'deliver_order',
  description: 'Delivers an order and returns the name of who signed for it.',
  parameters: z.object({ order: z.int() }),
  workflow: 'deliverOrder',
  workflowExecutionTimeout: '30 days',
});

const clerk = defineAgent({ name: 'clerk', model: 'gpt-5-mini', tools: [deliver] });

await runExample(async ({ connection, client, openai }) => {
  const startWorker = () =>
    Worker.create({
      connection,
      taskQueue,
      // The plugin adds its own workflow to yours.
      workflowsPath: fileURLToPath(new URL('workflows/deliver-order.ts', import.meta.url)),
      plugins: [new DurableTurnsPlugin({ agents: [clerk], openai })],
    });
  const turns = new TurnClient({ client, taskQueue });
  const turn = await turns.start({ agent: 'clerk', input: 'Deliver order 42.' });
  const logger = new EventLogger();

  const first = await startWorker();
  const delivery = await first.runUntil(async () => {
    for (;;) {
      const { raw } = await client.workflow.getHandle(turn.turnId).describe();
      const [child] = raw.pendingChildren ?? [];
      if (child?.workflowId) return child.workflowId;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  // No worker is up. Days later the courier's system tells the delivery, which is a workflow like any other.
  await client.workflow.getHandle(delivery).signal('signed', 'Grace');

  const second = await startWorker();
  await second.runUntil(async () => {
    for await (const event of turn.events()) process.stdout.write(logger.log(event));
  });
  const { final_text, num_steps } = await turn.result();
  assert.equal(num_steps, 3);
  assert.match(final_text, /Order 42 was signed for by Grace/);
  return `05-long-tool: order 42 was delivered across two workers, signed for by Grace`;
});
