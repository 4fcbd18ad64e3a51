// The Responses API as the scripted server of src/testing speaks it.

import { ScriptedResponsesServer } from '../../src/testing/index.js';
import type { TestProject } from 'vitest/node';

export default async function startScriptedServer(project: TestProject): Promise<() => Promise<void>> {
  const server = await ScriptedResponsesServer.start();
  project.provide('responsesBaseUrl', server.url);
  project.provide('model', 'scripted-model');
  project.provide('embeddingModel', 'scripted-embedding-model');
  return () => server.stop();
}
