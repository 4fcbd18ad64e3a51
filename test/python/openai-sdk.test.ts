// The Python SDK of OpenAI against the door. It brings the SDK from PyPI into a folder of its own.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { TurnClient } from '../../src/client/index.js';
import { defaultCacheDir } from '../../src/dev/index.js';
import { serveGateway } from '../../src/gateway/index.js';
import { reply, ScriptedResponsesServer } from '../../src/testing/index.js';
import { doorAgent, doorScript } from '../support/door-model.js';
import { startRig } from '../support/rig.js';
import { startWorkerProcess } from '../support/worker-process.js';

const SDK = 'openai==3.54.0';
const run = promisify(execFile);

/** The Python of a virtual environment that holds the SDK. */
async function pythonWithSdk(): Promise<string> {
  const venv = join(defaultCacheDir(process.env), SDK.replace('==', '-python-'));
  const python = join(venv, 'bin', 'python');
  if (!existsSync(python)) await run('python3', ['-m', 'venv', venv]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', SDK]);
  return python;
}

/** How the script finds the door. */
function at(url: string) {
  return { env: { PATH: process.env['PATH'], OPENAI_API_KEY: 't', OPENAI_BASE_URL: `${url}/v1` } };
}

test('the Python SDK streams, resumes, cancels and goes on', async () => {
  const python = await pythonWithSdk();
  const model = await ScriptedResponsesServer.start({ script: doorScript });
  const rig = await startRig({ agents: [doorAgent], openai: { apiKey: 'k', baseURL: model.url } });
  const served = await serveGateway({ turns: rig.turns, auth: { tokens: ['t'] }, port: 0 });
  try {
    const { stdout } = await run(python, [join(import.meta.dirname, 'responses_door.py')], at(served.url));
    expect(stdout.trim().split('\n')).toEqual([
      'streams: ok',
      'resumes_in_the_middle: ok',
      'cancels: ok',
      'goes_on: ok',
      'refuses: ok',
    ]);
  } finally {
    await served.close();
    await rig.stop();
    await model.stop();
  }
});

test('a stream of the Python SDK that outlives a killed worker has one answer, and it is right', async () => {
  const python = await pythonWithSdk();
  const long = Array.from({ length: 200 }, (_, i) => `word${i}`).join(' ');
  const model = await ScriptedResponsesServer.start({ script: () => reply.text(long, { perSecond: 50 }) });
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const client = new Client({ connection, namespace: inject('temporalNamespace') });
  const taskQueue = `python-${randomUUID()}`;
  const turns = new TurnClient({ client, taskQueue });
  const served = await serveGateway({ turns, auth: { tokens: ['t'] }, port: 0 });
  const first = await startWorkerProcess(taskQueue, model.url);
  try {
    const script = join(import.meta.dirname, 'outlives_a_worker.py');
    const told = run(python, [script], at(served.url));
    await model.waitForRequest((entry) => entry.sent_events > 50);
    await first.end('SIGKILL');
    const second = await startWorkerProcess(taskQueue, model.url);
    const [id, ...words] = (await told).stdout.trim().split('\n');

    expect(id).toMatch(/^resp_/);
    expect(words).toEqual([long]);
    expect(model.modelRequests).toHaveLength(2);
    await second.end('SIGTERM');
  } finally {
    await served.close();
    await connection.close();
    await model.stop();
  }
});
