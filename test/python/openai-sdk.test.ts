// The Python SDK of OpenAI against the door. It brings the SDK from PyPI into a folder of its own.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { defaultCacheDir } from '../../src/dev/index.js';
import { serveGateway } from '../../src/gateway/index.js';
import { ScriptedResponsesServer } from '../../src/testing/index.js';
import { doorAgent, doorScript } from '../support/door-model.js';
import { startRig } from '../support/rig.js';

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

test('the Python SDK streams, resumes, cancels and goes on', async () => {
  const python = await pythonWithSdk();
  const model = await ScriptedResponsesServer.start({ script: doorScript });
  const rig = await startRig({ agents: [doorAgent], openai: { apiKey: 'k', baseURL: model.url } });
  const served = await serveGateway({ turns: rig.turns, auth: { tokens: ['t'] }, port: 0 });
  try {
    const env = { PATH: process.env['PATH'], OPENAI_API_KEY: 't', OPENAI_BASE_URL: `${served.url}/v1` };
    const { stdout } = await run(python, [join(import.meta.dirname, 'responses_door.py')], { env });
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
