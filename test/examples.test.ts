// What a newcomer runs, each in a process of its own: the demo and the README's program as they run it, with tsx.

import { randomUUID } from 'node:crypto';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { TurnClient } from '../src/client/index.js';
import { unpackDocs } from './support/docs-blocks.js';
import { runCompiled, runScript, startScript } from './support/run-script.js';

const temporalEnv = () => ({
  TEMPORAL_ADDRESS: inject('temporalAddress'),
  TEMPORAL_NAMESPACE: inject('temporalNamespace'),
});
const modelEnv = () => ({
  OPENAI_BASE_URL: inject('responsesBaseUrl'),
  OPENAI_API_KEY: 'any',
  MODEL: inject('model'),
});

describe('the examples', () => {
  test.each([
    ['01-hello-turn', /^01-hello-turn: answered with \d+ in one step, [1-9]\d* tokens$/],
    ['02-tools', /^02-tools: booked once in 2 attempts, and the model was told [0-9a-f]{8}$/],
    ['03-approval', /^03-approval: asked, went on with another worker, and refunded 4200 cents once$/],
    [
      '04-external-tool',
      /^04-external-tool: the warehouse answered shelf [0-9a-f]{6}, and the model was told$/,
    ],
    ['05-long-tool', /^05-long-tool: order 42 was delivered across two workers, signed for by Grace$/],
    ['06-session', /^06-session: 2 messages on one conversation, the repeated one answered once$/],
  ])('%s runs on its own and says what it has checked', async (name, lastLine) => {
    // One names the file of its workflow, which has to be there as it is.
    const start = name === '05-long-tool' ? runScript : runCompiled;
    const run = await start(`examples/${name}.ts`);
    expect(run).toMatchObject({ exit: 0, stderr: '', lastLine: expect.stringMatching(lastLine) });
  });
});

describe('the demo', () => {
  const WHOLE_TURN =
    /^Turn completed with \d+ tokens: inference → file_search \(server-side\) → inference → save_note \(client-side\) → inference$/;

  test('searches, calls the tool and answers, on servers of its own', async () => {
    const run = await runScript('examples/demo.ts');
    expect(run).toMatchObject({ exit: 0, stderr: '', lastLine: expect.stringMatching(WHOLE_TURN) });
    expect(run.stdout).toContain('How do you do great work?');
    expect(run.stdout).toContain('Model     none: a script answers');
    expect(run.stdout).toMatch(/Turn {6}http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/demo-/);
    expect(run.stdout).toContain('Great work grows from curiosity');
    expect(run.stdout).toContain('save_note: Saved as note 1.');
  });

  test('goes where TEMPORAL_* and OPENAI_* say, says so first, and leaves nothing behind', async () => {
    const env = { ...temporalEnv(), ...modelEnv(), EMBEDDING_MODEL: inject('embeddingModel') };
    const run = await runScript('examples/demo.ts', { args: ['--temporal', '--live'], env });
    expect(run).toMatchObject({ exit: 0, stderr: '', lastLine: expect.stringMatching(WHOLE_TURN) });
    expect(run.stdout.split('\n').slice(0, 2)).toEqual([
      `Model     ${env.MODEL} at ${env.OPENAI_BASE_URL}`,
      `Temporal  ${env.TEMPORAL_ADDRESS}, namespace ${env.TEMPORAL_NAMESPACE}`,
    ]);
    // Other tests use the same server.
    for (const [path, demos] of [
      ['vector_stores', { name: 'durable-turns demo' }],
      ['files', { filename: 'great-work.txt' }],
    ] as const) {
      const response = await fetch(`${env.OPENAI_BASE_URL}/${path}`, {
        headers: { authorization: 'Bearer any' },
      });
      const { data } = (await response.json()) as { data: unknown[] };
      expect(data).not.toContainEqual(expect.objectContaining(demos));
    }
  });

  test('cancels its turn and cleans up on Ctrl-C', async () => {
    const demo = startScript('examples/demo.ts', { args: ['--temporal'], env: temporalEnv() });
    await demo.said(/Executing file_search/);
    demo.end('SIGINT');
    const run = await demo.done;
    expect(run).toMatchObject({ exit: 1, stderr: '\nStopped by SIGINT.\n' });
    const turns = await TurnClient.connect({
      taskQueue: 'none',
      address: inject('temporalAddress'),
      namespace: inject('temporalNamespace'),
    });
    onTestFinished(() => turns.close());
    const turnId = /workflow id (demo-\w+)/.exec(run.stdout)?.[1] ?? '';
    expect(await turns.getHandle(turnId).progress()).toMatchObject({ state: 'cancelled' });
  });

  test('says what is missing, and what it does not know', async () => {
    const live = await runScript('examples/demo.ts', { args: ['--live'] });
    expect(live).toMatchObject({ exit: 1, stderr: expect.stringContaining('--live needs MODEL') });
    const unknown = await runScript('examples/demo.ts', { args: ['--nope'] });
    expect(unknown).toMatchObject({ exit: 1, stderr: expect.stringContaining("Unknown option '--nope'") });
  });
});

describe('worker.ts', () => {
  test('runs turns of its task queue until SIGTERM, and then ends in order', async () => {
    const taskQueue = `worker-${randomUUID()}`;
    const worker = startScript('worker.ts', {
      env: { ...temporalEnv(), ...modelEnv(), TASK_QUEUE: taskQueue },
    });
    const turns = await TurnClient.connect({
      taskQueue,
      address: inject('temporalAddress'),
      namespace: inject('temporalNamespace'),
    });
    onTestFinished(() => turns.close());
    await worker.said(/Worker state changed.*RUNNING/s);
    const turn = await turns.start({
      agent: 'assistant',
      input: 'What is the current time in "Europe/Paris"?',
    });
    const { status, num_steps, final_text } = await turn.result();
    expect({ status, num_steps }).toEqual({ status: 'completed', num_steps: 3 });
    expect(final_text).toMatch(/^The current_time tool returned: \d\d\/\d\d\/\d{4}, \d\d:\d\d:\d\d$/);

    worker.end('SIGTERM');
    expect(await worker.done).toMatchObject({ exit: 0 });
  });
});

test('the program of the README runs as it is written', async () => {
  const { dir, remove } = unpackDocs(['README.md']);
  onTestFinished(remove);
  const env = { ...temporalEnv(), ...modelEnv() };
  const worker = startScript(`${dir}/README/worker.ts`, { env });
  await worker.said(/Worker state changed.*RUNNING/s);
  const client = await runScript(`${dir}/README/client.ts`, { env });
  worker.end('SIGTERM');
  expect(await worker.done).toMatchObject({ exit: 0 });
  expect(client).toMatchObject({
    exit: 0,
    stderr: '',
    stdout: expect.stringContaining('find_order: {"order":42,"status":"shipped"}'),
    lastLine: expect.stringMatching(/^\d+ characters for \d+ tokens$/),
  });
});
