// A run takes a bounded number of signals. Behind the last one nothing is lost: what is left comes with the results.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTemporal } from '../src/dev/index.js';
import type { EmbeddedTemporal } from '../src/dev/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { reply, ScriptedResponsesServer } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const SIGNALS = 5;
const LONG = Array.from({ length: 200 }, (_, i) => `word${i}`).join(' ');
const REPORTS = [1, 2, 3];

let temporal: EmbeddedTemporal;
let model: ScriptedResponsesServer;
let rig: Rig;

const counts = defineTool({
  name: 'counts',
  parameters: z.object({}),
  execute: (_args, { report }) => {
    for (const n of REPORTS) report(n);
    return 'counted';
  },
});

beforeAll(async () => {
  temporal = await startTemporal({ dynamicConfig: { 'history.maximumSignalsPerExecution': SIGNALS } });
  model = await ScriptedResponsesServer.start({
    script: ({ outputs }) => {
      const said = reply.text(LONG, { perSecond: 100 });
      return outputs.length === 0
        ? [said, reply.functionCall('counts')]
        : [said, reply.cut(100, { times: 1 })];
    },
  });
  const agents = [false, true].map((background) =>
    defineAgent({
      name: background ? 'background' : 'connected',
      model: 'scripted',
      tools: [counts],
      background,
      publishing: { minInterval: 20, maxInterval: 20 },
    }),
  );
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url }, address: temporal.address });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
  await temporal?.stop();
});

test.each(['connected', 'background'])('a turn with more to say than signals (%s)', async (agent) => {
  const turn = await rig.turns.start({ agent, input: agent });
  const events = await seenBy(rig, turn);

  const { events: history } = await rig.client.workflow.getHandle(turn.turnId).fetchHistory();
  const signals = (history ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes);
  expect(signals).toHaveLength(SIGNALS);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG });
  expect(
    ofType(events, 'step_progress').flatMap(({ delta }) =>
      delta.type === 'tool_report' ? [delta.data] : [],
    ),
  ).toEqual(REPORTS);
});
