// A workflow reset in the middle of a turn: the calls that come again are the same calls.

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { reply, script, ScriptedResponsesServer } from '../src/testing/index.js';
import { startRig } from './support/rig.js';

test('a call that runs again after a reset has the idempotency key that it had', async () => {
  const keys: string[] = [];
  const note = defineTool({
    name: 'note',
    parameters: z.object({}),
    execute: (_args, { idempotencyKey }) => {
      keys.push(idempotencyKey);
      return 'noted';
    },
  });
  const model = await ScriptedResponsesServer.start({
    script: script([
      [reply.functionCall('note'), reply.functionCall('note')],
      reply.text('done'),
      reply.text('done again'),
    ]),
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools: [note] });
  const rig = await startRig({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
  try {
    const turn = await rig.turns.start({ agent: 'assistant', input: 'Note it twice.' });
    await turn.result();
    const handle = rig.client.workflow.getHandle(turn.turnId);
    const { events } = await handle.fetchHistory();
    // The workflow task that scheduled the tools: the second one that was completed.
    const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
    await rig.client.workflowService.resetWorkflowExecution({
      namespace: rig.client.options.namespace,
      workflowExecution: { workflowId: turn.turnId },
      workflowTaskFinishEventId: tasks[1]?.eventId ?? null,
      reason: 'test',
      requestId: randomUUID(),
    });

    expect(await rig.turns.getHandle(turn.turnId).result()).toMatchObject({ final_text: 'done again' });
    expect(keys).toHaveLength(4);
    expect(keys.slice(2).toSorted()).toEqual(keys.slice(0, 2).toSorted());
    expect(new Set(keys).size).toBe(2);
  } finally {
    await rig.stop();
    await model.stop();
  }
});
