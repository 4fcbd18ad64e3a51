import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect, test } from 'vitest';
import { TemporalStartError, startTemporal } from '../src/dev/index.js';

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(50);
}

test('serves a namespace with the dynamic config that was asked for, until it is stopped', async () => {
  const temporal = await startTemporal({ dynamicConfig: { 'history.maximumSignalsPerExecution': 1 } });
  try {
    const connection = await Connection.connect({ address: temporal.address });
    const client = new Client({ connection, namespace: temporal.namespace });
    const turn = await client.workflow.start('nobody', { taskQueue: 'nobody', workflowId: 'limited' });
    await turn.signal('first');
    const refused: unknown = await turn.signal('second').catch((error: unknown) => error);
    expect(refused).toMatchObject({
      cause: { details: 'exceeded workflow execution limit for signal events' },
    });
    await connection.close();
  } finally {
    await temporal.stop();
  }
  expect(isRunning(temporal.pid)).toBe(false);
  await temporal.stop();
});

test('says the last words of a server that does not come up', async () => {
  const first = await startTemporal();
  const port = Number(first.address.split(':')[1]);
  const failure: unknown = await startTemporal({ port }).catch((error: unknown) => error);
  await first.stop();
  expect(failure).toBeInstanceOf(TemporalStartError);
  expect(String(failure)).toContain('address already in use');
});

test('is gone after its owner was killed', async () => {
  const script = `
    import { startTemporal } from './src/dev/index.ts';
    const { pid } = await startTemporal();
    console.log(pid);
    process.kill(process.pid, 'SIGKILL');
  `;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(owner, 'exit');
  const pid = Number(await text(owner.stdout));
  expect(await exited).toEqual([null, 'SIGKILL']);
  expect(pid).toBeGreaterThan(0);
  await untilGone(pid);
});
