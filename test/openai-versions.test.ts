// The two majors of the openai package that the peer range names: turns run the same on both.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI6 from 'openai';
import OpenAI7 from 'openai7';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import type { DurableTurnsOptions } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import type { Script } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const root = join(import.meta.dirname, '..');
const add = defineTool({
  name: 'add',
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});
const agent = defineAgent({ name: 'assistant', model: 'scripted', tools: [add] });

let model: ScriptedResponsesServer;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(...Object.keys(clientOf).flatMap(scriptsOf)),
  });
});

afterAll(() => model?.stop());

const clientOf: Readonly<Record<string, () => DurableTurnsOptions['openai']>> = {
  'openai 6': () => new OpenAI6({ apiKey: 'k', baseURL: model.url }),
  'openai 7': () => new OpenAI7({ apiKey: 'k', baseURL: model.url }),
};

/** Prompts name the version: what is scripted to happen once happens to each. */
function scriptsOf(name: string): Script[] {
  const error = { code: 'server_error', message: 'Something broke.' };
  return [
    when(`count, ${name}`, eachTurn([reply.functionCall('add', { a: 1, b: 2 }), reply.text('It is 3.')])),
    when(`busy, ${name}`, eachTurn([reply.status(503, { retryAfter: 0 }), reply.text('Here I am.')])),
    // 6 yields an error event, 7 throws it.
    when(`break, ${name}`, eachTurn([[reply.text('lost '), reply.error(error)], reply.text('Said again.')])),
    when(`cut, ${name}`, eachTurn([[reply.text('lost '), reply.cut()], reply.text('Said again.')])),
  ];
}

describe.each(Object.keys(clientOf))('%s', (name) => {
  const run = async (input: string) => {
    const rig = await startRig({ agents: [agent], openai: clientOf[name]?.() });
    onTestFinished(() => rig.stop());
    const turn = await rig.turns.start({ agent: 'assistant', input: `${input}, ${name}` });
    const events = await seenBy(rig, turn);
    return { events, result: await turn.result() };
  };

  test('runs a turn with a tool', async () => {
    const { events, result } = await run('count');
    expect(result).toMatchObject({ status: 'completed', final_text: 'It is 3.', num_steps: 3 });
    expect(ofType(events, 'step_completed').map(({ status }) => status)).toEqual(Array(3).fill('completed'));
    const userAgents = model.modelRequests.map(({ headers }) => headers['user-agent']);
    expect(userAgents.at(-1)).toMatch(name.replace('openai ', 'OpenAI/JS '));
  });

  test.each([
    ['busy', 'Here I am.'],
    ['break', 'Said again.'],
    ['cut', 'Said again.'],
  ])('asks again after a failure: %s', async (input, final_text) => {
    const { events, result } = await run(input);
    expect(result).toMatchObject({ status: 'completed', final_text });
    expect(ofType(events, 'step_superseded')).toMatchObject([
      { reason: { code: expect.any(String) as unknown } },
    ]);
  });
});

test('our source compiles where the package openai is version 7', () => {
  const dir = mkdtempSync(join(root, 'node_modules', '.openai7-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      paths: {
        openai: [join(root, 'node_modules/openai7')],
        'openai/*': [join(root, 'node_modules/openai7/*')],
      },
    },
    include: [join(root, 'src')],
    // The viewer has a tsconfig of its own, and knows nothing of openai.
    exclude: [join(root, 'src/**/*.test.ts'), join(root, 'src/viewer')],
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config));
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', dir], { encoding: 'utf8' });
  expect(tsc.stdout).toBe('');
  expect(tsc.status).toBe(0);
});
