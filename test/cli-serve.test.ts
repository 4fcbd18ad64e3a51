// `durable-turns serve` and `dev` as processes: what they open, for whom, and that nothing of them stays.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { defineAgent } from '../src/index.js';
import { ScriptedResponsesServer } from '../src/testing/index.js';
import { eventsThrough, startThrough } from './support/follow-sse.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { runCli, startCli } from './support/run-cli.js';
import type { RunningScript } from './support/run-script.js';

async function addressOf(running: RunningScript, name: string): Promise<string> {
  const pattern = new RegExp(`^${name} +(http://\\S+)\\n`, 'm');
  await running.said(pattern);
  return pattern.exec(running.output())?.[1] ?? '';
}

describe('serve', () => {
  let model: ScriptedResponsesServer;
  let rig: Rig;

  beforeAll(async () => {
    model = await ScriptedResponsesServer.start();
    rig = await startRig({
      agents: [defineAgent({ name: 'assistant', model: 'scripted' })],
      openai: { apiKey: 'k', baseURL: model.url },
    });
  });

  afterAll(async () => {
    await rig?.stop();
    await model?.stop();
  });

  test('opens a gateway to those who have a token, until SIGTERM', async () => {
    const env = { TASK_QUEUE: rig.taskQueue, DURABLE_TURNS_TOKENS: 'one,two' };
    const serving = startCli(['serve', '--port', '0', '--host', '0.0.0.0'], { env });
    const url = (await addressOf(serving, 'Gateway')).replace('0.0.0.0', '127.0.0.1');
    const turn = { turn_id: `served-${randomUUID()}`, agent: 'assistant', input: 'Count to 3.' };
    const bearer = { authorization: 'Bearer two' };

    expect((await startThrough(url, turn)).status).toBe(401);
    expect((await startThrough(url, turn, bearer)).status).toBe(201);
    const events = await eventsThrough(url, turn.turn_id, bearer);
    expect(events.at(-1)).toMatchObject({ type: 'turn_completed', final_text: '1, 2, 3.' });

    serving.end('SIGTERM');
    expect(await serving.done).toMatchObject({ exit: 0 });
  });

  test('stays closed where others could reach it and nobody said for whom', async () => {
    const refused = await runCli(['serve', '--port', '0', '--host', '0.0.0.0']);
    expect(refused).toMatchObject({ exit: 2, stdout: '' });
    expect(refused.stderr).toBe(
      'durable-turns: Others can reach 0.0.0.0: set DURABLE_TURNS_TOKENS, or say --no-auth.\n',
    );
  });

  test('says that a port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const refused = await runCli(['serve', '--port', String(port)]);
    expect(refused).toMatchObject({ exit: 69, stderr: expect.stringContaining('Choose another --port.') });
  });
});

describe('dev', () => {
  test('brings up everything by itself, runs turns, and leaves nothing behind', async () => {
    // What is meant for other servers must not bend it.
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_NAMESPACE: 'elsewhere' };
    const dev = startCli(['dev', '--port', '0'], { env });
    const url = await addressOf(dev, 'Viewer');
    await dev.said(/Ctrl-C stops everything/);
    const turn = {
      turn_id: 'sample',
      agent: 'assistant',
      input: 'What is the current time in "Europe/Paris"?',
    };
    expect((await startThrough(url, turn)).status).toBe(201);
    const events = await eventsThrough(url, 'sample');
    expect(events.at(-1)).toMatchObject({
      type: 'turn_completed',
      final_text: expect.stringMatching(/The current_time tool returned: \d\d\/\d\d\/\d{4}/),
    });
    const address = /^Temporal +(\S+),/m.exec(dev.output())?.[1] ?? '';
    expect(await runCli(['result', 'sample', '--address', address, '--namespace', 'default'])).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('The current_time tool returned'),
    });
    expect(address).not.toBe(inject('temporalAddress'));

    dev.end('SIGINT');
    expect(await dev.done).toMatchObject({ exit: 0, stderr: expect.stringContaining('Stopping') });
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    await expect(fetch(`http://${address}`)).rejects.toThrow('fetch failed');
  });

  test('takes Ctrl-C also while it starts, and starts no more', async () => {
    const dev = startCli(['dev', '--port', '0']);
    await dev.said(/^Temporal server on \S+/m);
    const address = /^Temporal server on (\S+)/m.exec(dev.output())?.[1] ?? '';
    dev.end('SIGINT');
    expect(await dev.done).toMatchObject({
      exit: 0,
      stdout: '',
      stderr: expect.stringContaining('Stopping ...'),
    });
    await expect(fetch(`http://${address}`)).rejects.toThrow('fetch failed');
  });

  test('asks for a key before it starts anything that is to be live', async () => {
    expect(await runCli(['dev', '--live', '--port', '0'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--live needs OPENAI_API_KEY'),
    });
  });
});
