// Requests of the Responses API that cannot be right: each is answered at once, in the API's words, and starts nothing.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serveGateway } from '../src/gateway/index.js';
import type { GatewayServer } from '../src/gateway/index.js';
import { ScriptedResponsesServer } from '../src/testing/index.js';
import { doorAgent } from './support/door-model.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

/** Every parameter that the door knows, with values that it takes; whatever else is said of it is wrong. */
const SOUND: Readonly<Record<string, readonly unknown[]>> = {
  model: ['assistant'],
  input: ['hi', [{ role: 'user', content: 'hi' }]],
  instructions: ['Be brief.', ''],
  tools: [[], [{ type: 'web_search' }]],
  metadata: [{}, { a: '1' }],
  previous_response_id: [],
  conversation: [],
  stream: [false],
  stream_options: [{ include_obfuscation: false }],
  background: [true],
  store: [true],
  include: [[], ['reasoning.encrypted_content']],
  frequency_penalty: [0.5],
  max_output_tokens: [16],
  max_tool_calls: [1],
  parallel_tool_calls: [true, false],
  presence_penalty: [0.5],
  prompt_cache_key: ['key'],
  prompt_cache_options: [{ ttl: '30m' }],
  prompt_cache_retention: ['24h'],
  reasoning: [{ effort: 'low' }],
  safety_identifier: ['somebody'],
  service_tier: ['auto'],
  temperature: [0.5],
  text: [{ verbosity: 'low' }, { format: { type: 'json_object' } }],
  tool_choice: ['none', { type: 'web_search' }],
  top_logprobs: [0],
  top_p: [0.5],
  truncation: ['auto'],
  user: ['somebody'],
};
/** Values of each type of JSON; one that is of a parameter's type is left out for it. */
const VALUES: readonly unknown[] = [true, -1.5, 'text', '', [7], [null], { a: { b: [1] } }];
const TEXTS = [
  'model',
  'instructions',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'service_tier',
  'truncation',
];
const isTaken: Readonly<Record<string, (value: unknown) => boolean>> = {
  ...Object.fromEntries([...TEXTS, 'user', 'tool_choice'].map((name) => [name, isText])),
  ...Object.fromEntries(
    ['frequency_penalty', 'presence_penalty', 'temperature', 'top_p'].map((name) => [name, isNumber]),
  ),
  input: (value) => isText(value) && value !== '',
  conversation: (value) => isText(value) && value !== '',
  store: (value) => value === true,
  stream: (value) => value === true,
  background: (value) => value === true,
  parallel_tool_calls: (value) => value === true,
  prompt_cache_options: isObject,
  reasoning: isObject,
  stream_options: isObject,
  text: isObject,
};

const alsoTaken = (name: string, value: unknown): boolean =>
  (isTaken[name]?.(value) ?? false) || (name === 'tool_choice' && isObject(value));

let model: ScriptedResponsesServer;
let rig: Rig;
let server: GatewayServer;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({});
  rig = await startRig({ agents: [doorAgent], openai: { apiKey: 'k', baseURL: model.url } });
  server = await serveGateway({ turns: rig.turns, port: 0, viewer: false, agents: ['assistant'] });
});

afterAll(async () => {
  await server?.close({ drainMs: 0 });
  await rig?.stop();
  await model?.stop();
});

async function answerTo(path: string, init: RequestInit = {}): Promise<{ status: number; error: unknown }> {
  const response = await fetch(`${server.url}/v1${path}`, init);
  return { status: response.status, error: Object(await response.json()).error };
}

function post(body: object): RequestInit {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify(body) };
}

test('with any parameter of the wrong kind, of more than a hundred kinds, start nothing', async () => {
  const starts = vi.spyOn(rig.client.workflow, 'start');
  const sent = vi.spyOn(rig.client.workflow, 'signalWithStart');
  const least = { model: 'assistant', input: 'hi', background: true };
  const requests = Object.keys(SOUND).flatMap((name) =>
    VALUES.filter((value) => !alsoTaken(name, value)).map((value) => ({ ...least, [name]: value })),
  );
  expect(requests.length).toBeGreaterThan(100);
  const wrong: unknown[] = [];
  for (const request of requests) {
    const { status, error } = await answerTo('/responses', post(request));
    const { type, message, code } = Object(error);
    const isRefused = status >= 400 && status < 500 && type === 'invalid_request_error' && message && code;
    if (!isRefused) wrong.push([request, status, error]);
  }
  expect(wrong).toEqual([]);
  expect(starts).not.toHaveBeenCalled();
  expect(sent).not.toHaveBeenCalled();
});

test('with what is right are taken', async () => {
  const least = { model: 'assistant', input: 'hi', background: true };
  for (const [name, values] of Object.entries(SOUND)) {
    for (const value of values) {
      expect(await answerTo('/responses', post({ ...least, [name]: value }))).toEqual({
        status: 200,
        error: null,
      });
    }
  }
});

test.each([
  '/responses/',
  '/responses/resp_',
  '/responses/resp_%2F',
  '/responses/resp_%00',
  '/responses/resp_AA',
  '/responses/%F0%9F%92%A9',
  '/responses/..%2f..%2fturns',
  `/responses/resp_${'A'.repeat(8000)}`,
  '/responses/resp_YQ/input_items',
  '/responses/resp_YQ?stream=true',
  '/responses/resp_YQ?stream=perhaps',
  '/responses/resp_YQ?stream=true&starting_after=-1',
  '/models/nobody',
  '/models/__proto__',
  '/completions',
  '/',
  '',
])('at %s are refused', async (path) => {
  const { status, error } = await answerTo(path);
  expect([400, 404]).toContain(status);
  expect(error).toMatchObject({ type: 'invalid_request_error', message: expect.any(String) });
});

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
