// The Responses API as a real Llama Stack (OGX) server speaks it; one is started and stopped. RESPONSES_BASE_URL
// names another server, with MODEL, EMBEDDING_MODEL (default: the server's own) and RESPONSES_API_KEY.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { defaultCacheDir, freePort } from '../../src/dev/index.js';
import { sharedDir } from './shared-dir.js';
import type { TestProject } from 'vitest/node';

interface LlamaStack {
  readonly baseUrl: string;
  readonly model: string;
  readonly embeddingModel: string;
  stop(): void;
}

export default async function provideLlamaStack(project: TestProject): Promise<() => void> {
  const stack =
    runningLlamaStack(process.env) ?? (await startLlamaStack(sharedDir('llama-stack'), process.env));
  project.provide('responsesBaseUrl', stack.baseUrl);
  project.provide('model', stack.model);
  project.provide('embeddingModel', stack.embeddingModel);
  return () => stack.stop();
}

function runningLlamaStack(env: NodeJS.ProcessEnv): LlamaStack | undefined {
  const baseUrl = env['RESPONSES_BASE_URL'];
  if (!baseUrl) return undefined;
  return {
    baseUrl,
    model: env['MODEL'] || 'openai/gpt-4o',
    embeddingModel: env['EMBEDDING_MODEL'] ?? '',
    stop: () => undefined,
  };
}

/** The installation (some 400 MB) is kept in the user's cache directory; data and ports are new for each run. */
async function startLlamaStack(scripts: string, processEnv: NodeJS.ProcessEnv): Promise<LlamaStack> {
  const cache = join(defaultCacheDir(processEnv), 'llama-stack');
  const tiktokenDir = join(cache, 'tiktoken');
  const env: NodeJS.ProcessEnv = {
    OGX_VENV: join(cache, 'venv'),
    TIKTOKEN_CACHE_DIR: tiktokenDir,
    ...processEnv,
  };
  for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL']) delete env[name];

  const workDir = mkdtempSync(join(tmpdir(), 'durable-turns-llama-stack-'));
  const stop = (): void => {
    process.removeListener('exit', stop);
    spawnSync(join(scripts, 'down.sh'), [workDir]);
    rmSync(workDir, { recursive: true, force: true });
  };
  process.once('exit', stop); // its processes are detached: nobody else would stop them
  try {
    const ports = [await freePort(), await freePort()].map(String);
    const up = spawn(join(scripts, 'up.sh'), [workDir, ...ports], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await text(up.stdout);
    return { ...readSettings(said), stop };
  } catch (error) {
    stop();
    // up.sh takes the directory's existence for its completeness
    if (env['TIKTOKEN_CACHE_DIR'] === tiktokenDir) rmSync(tiktokenDir, { recursive: true, force: true });
    throw error;
  }
}

/** Reads the `NAME=value` words that up.sh prints last. */
function readSettings(output: string): Omit<LlamaStack, 'stop'> {
  const words = output.trim().split(/\s+/);
  const value = (name: string): string => {
    const word = words.findLast((candidate) => candidate.startsWith(`${name}=`));
    if (word === undefined)
      throw new Error(`Llama Stack did not start: up.sh printed no ${name} (see above)`);
    return word.slice(name.length + 1);
  };
  return { baseUrl: value('BASE_URL'), model: value('MODEL'), embeddingModel: value('EMBEDDING_MODEL') };
}
