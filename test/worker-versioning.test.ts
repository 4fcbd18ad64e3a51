// A deploy under Temporal's worker versioning, while a turn waits: both behaviours take it to its end.

import { randomUUID } from 'node:crypto';
import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, reply, ScriptedResponsesServer } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import { firstInput, seenBy } from './support/watch.js';

const askHuman = defineTool({ name: 'ask_human', parameters: z.object({}) });
const agent = defineAgent({ name: 'assistant', model: 'scripted', tools: [askHuman] });

/** NOT_FOUND, FAILED_PRECONDITION. */
const WITHOUT_POLLERS: ReadonlySet<number> = new Set([5, 9]);

/** Fails until a worker of the version has polled; the deployment is known from then on. */
async function makeCurrent(client: Client, deploymentName: string, buildId: string): Promise<void> {
  const { namespace } = client.options;
  const version = { namespace, deploymentName, buildId, identity: 'test', ignoreMissingTaskQueues: true };
  for (;;) {
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion(version);
      return;
    } catch (error) {
      if (!isGrpcServiceError(error) || !WITHOUT_POLLERS.has(error.code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

test.each([
  { behavior: 'AUTO_UPGRADE', finishes: 'two' },
  { behavior: 'PINNED', finishes: 'one' },
] as const)('a $behavior turn ends on the workers of version $finishes', async ({ behavior, finishes }) => {
  const model = await ScriptedResponsesServer.start({
    script: eachTurn([reply.functionCall('ask_human'), reply.text('thank you')]),
  });
  const deploymentName = `deployment-${randomUUID()}`;
  const taskQueue = `versions-${randomUUID()}`;
  const startVersion = (buildId: string) =>
    startRig({
      taskQueue,
      agents: [agent],
      openai: { apiKey: 'k', baseURL: model.url },
      worker: {
        identity: buildId,
        workerDeploymentOptions: {
          version: { deploymentName, buildId },
          useWorkerVersioning: true,
          defaultVersioningBehavior: behavior,
        },
      },
    });
  const one = await startVersion('one');
  const rigs = [one];
  try {
    await makeCurrent(one.client, deploymentName, 'one');
    const turn = await one.turns.start({ agent: 'assistant', input: 'Ask somebody.' });
    const asked = await firstInput(turn);
    const two = await startVersion('two');
    rigs.push(two);
    await makeCurrent(two.client, deploymentName, 'two');
    // The server spreads the news in its own time; turns that may move have to when their worker is gone.
    if (finishes === 'two') await one.stopWorker();
    await turn.submitToolOutput(asked, 'an answer');

    expect(await turn.result()).toMatchObject({ final_text: 'thank you' });
    const { events } = await one.client.workflow.getHandle(turn.turnId).fetchHistory();
    const tasks = (events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes ?? []);
    expect(tasks[0]?.deploymentVersion?.buildId).toBe('one');
    expect(tasks.at(-1)?.deploymentVersion?.buildId).toBe(finishes);
    await seenBy(two, turn);
  } finally {
    for (const rig of rigs) await rig.stop();
    await model.stop();
  }
});
