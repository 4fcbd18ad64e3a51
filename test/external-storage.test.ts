// Payloads that Temporal's SDK keeps elsewhere: a turn works, and readers that are given the storage read it.

import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { ExternalStorage } from '@temporalio/common';
import type { Payload, StorageDriver } from '@temporalio/common';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { TurnClient } from '../src/client/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, reply, ScriptedResponsesServer } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

function memoryDriver() {
  const kept = new Map<string, Payload>();
  const driver: StorageDriver = {
    name: 'memory',
    type: 'memory',
    store: (_context, payloads) =>
      Promise.resolve(
        payloads.map((payload) => {
          const key = randomUUID();
          kept.set(key, payload);
          return { claimData: { key } };
        }),
      ),
    retrieve: (_context, claims) =>
      Promise.resolve(
        claims.map(({ claimData }) => {
          const payload = kept.get(claimData['key'] ?? '');
          if (!payload) throw new Error('nothing is kept under this key');
          return payload;
        }),
      ),
  };
  return { kept, driver };
}

test('a turn whose payloads are kept elsewhere is read with the converter of the client', async () => {
  const { kept, driver } = memoryDriver();
  const dataConverter = {
    externalStorage: new ExternalStorage({ drivers: [driver], payloadSizeThreshold: 300 }),
  };
  const text = 'A long answer. '.repeat(200);
  const model = await ScriptedResponsesServer.start({
    script: eachTurn([[reply.text(text), reply.functionCall('look_up')], reply.text(text)]),
  });
  const lookUp = defineTool({ name: 'look_up', parameters: z.object({}), execute: () => 'x'.repeat(5000) });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools: [lookUp], state: 'stateless' });
  const rig = await startRig({
    agents: [agent],
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { dataConverter },
  });
  try {
    const { namespace } = rig.client.options;
    const client = new Client({ connection: rig.client.connection, namespace, dataConverter });
    const turns = new TurnClient({ client, taskQueue: rig.taskQueue });
    const refused = await turns.start({ agent: 'nobody', input: 'Hello.' });
    await seenBy({ client }, refused);
    const turn = await turns.start({ agent: 'assistant', input: `Look it up. ${'Please. '.repeat(100)}` });
    const events = await seenBy({ client }, turn);

    expect(await turn.result()).toMatchObject({ final_text: text });
    const [tool] = ofType(events, 'step_completed').filter((event) => event.step_type === 'tool_execution');
    expect(JSON.stringify(tool)).toContain('x'.repeat(5000));
    expect(kept.size).toBeGreaterThan(3);
  } finally {
    await rig.stop();
    await model.stop();
  }
});
