// Workers that are killed while tools have side effects. KILL_RUNS says how many turns (200 before a release).

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineAgent } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { ledgerTools, NO_WORK } from './support/ledger-tools.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { keepWorkerUp, startWorkerProcess } from './support/worker-process.js';
import { seenBy } from './support/watch.js';

const RUNS = Number(process.env['KILL_RUNS'] ?? 20);
const AT_ONCE = 10;
const CALLS = 2;

const ledger = mkdtempSync(join(tmpdir(), 'ledger-'));
const taskQueue = `ledger-${randomUUID()}`;
const process_ = { main: 'ledger-worker', env: { LEDGER: ledger } };
const lines = (file: string): string[] => readFileSync(join(ledger, file), 'utf8').trim().split('\n');

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  const pay = Array.from({ length: CALLS }, () => reply.functionCall('pay'));
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('pay', eachTurn([pay, reply.text('paid')])),
      when(
        'meet',
        eachTurn([[1, 2, 3].map((place) => reply.functionCall('meet', { place })), reply.text('met')]),
      ),
    ),
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools: ledgerTools(taskQueue, NO_WORK) });
  rig = await startRig({ agents: [agent], openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
  rmSync(ledger, { recursive: true });
});

test(
  `${RUNS} turns whose worker is killed around side effects complete, with one entry for each call`,
  { timeout: 60_000 + RUNS * 3000 },
  async () => {
    const workers = keepWorkerUp(taskQueue, model.url, process_);
    for (let done = 0; done < RUNS; done += AT_ONCE) {
      const wave = Array.from({ length: Math.min(AT_ONCE, RUNS - done) }, async (_, index) => {
        const turn = await rig.turns.start({ agent: 'assistant', input: `pay ${done + index}` });
        await seenBy(rig, turn);
        return (await turn.result()).status;
      });
      expect(new Set(await Promise.all(wave))).toEqual(new Set(['completed']));
    }
    await workers.stop();

    expect(readdirSync(ledger).filter((name) => name.startsWith('entry-'))).toHaveLength(RUNS * CALLS);
    const attempts = lines('attempts');
    expect(new Set(attempts.map((line) => line.split(' ')[0])).size).toBe(RUNS * CALLS);
    // Else nothing was tested.
    expect(workers.deaths).toBeGreaterThan(0);
    expect(attempts.length).toBeGreaterThan(RUNS * CALLS);
  },
);

test('parallel calls overlap, and after a crash only the unfinished one runs again', async () => {
  const first = await startWorkerProcess(taskQueue, model.url, process_);
  const turn = await rig.turns.start({ agent: 'assistant', input: 'meet' });
  const finished = async () => {
    const { steps } = await turn.progress();
    return steps.filter((step) => step.step_type === 'tool_execution' && step.state === 'completed').length;
  };
  while ((await finished()) < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  await first.end('SIGKILL');
  const second = await startWorkerProcess(taskQueue, model.url, process_);
  await seenBy(rig, turn);
  await second.end('SIGTERM');

  expect(lines('met').toSorted()).toEqual(['1 1', '2 1', '3 1', '3 2']);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'met' });
});
