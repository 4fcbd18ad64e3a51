// What cannot work is said at once, by a typed error that tells what to do, and is not tried for ever: at the
// client's door, and for turns that were started by plain name, as other languages do.

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidTurnInputError, TurnNotFoundError } from '../src/client/index.js';
import type { TurnHandle, TurnInput } from '../src/client/index.js';
import { freePort } from '../src/dev/index.js';
import { ConfigurationError, defineAgent, defineTool, DurableTurnsPlugin } from '../src/index.js';
import type { Agent } from '../src/index.js';
import { ScriptedResponsesServer } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const API_KEY = 'sk-never-in-the-history';
const MARKER = 'the description that stays with the worker';
const ATTEMPTS = 2;

let model: ScriptedResponsesServer;
let wrong: WrongServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({ models: ['scripted'] });
  wrong = await startWrongServer();
  const at = (name: string, baseURL: string, fetch: typeof globalThis.fetch = globalThis.fetch): Agent =>
    defineAgent({
      name,
      model: 'scripted',
      openai: new OpenAI({ apiKey: 'k', baseURL, fetch }),
      inference: { maximumAttempts: ATTEMPTS },
    });
  const lookUp = defineTool({
    name: 'look_up',
    description: MARKER,
    parameters: z.object({ word: z.string().describe(MARKER) }),
    execute: ({ word }) => `${word} is a word`,
  });
  rig = await startRig({
    agents: [
      defineAgent({ name: 'assistant', model: 'scripted' }),
      defineAgent({ name: 'stranger', model: 'no-such-model' }),
      defineAgent({
        name: 'librarian',
        model: 'scripted',
        instructions: MARKER,
        tools: [lookUp, { type: 'web_search', user_location: { type: 'approximate', city: MARKER } }],
      }),
      at('lost', 'http://nowhere.invalid/v1', hostNotFound),
      at('refused', `http://127.0.0.1:${await freePort()}/v1`),
      at('not-found', `${wrong.url}/404`),
      at('html', `${wrong.url}/html`),
    ],
    openai: { apiKey: API_KEY, baseURL: model.url },
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
  wrong?.server.close();
});

const HELLO = { agent: 'assistant', input: 'Hello.' };
const DATA_URL = `data:image/png;base64,${'iVBORw0K'.repeat(40_000)}`;

/** What no turn can be started with, and what the error says about it. */
const BAD_INPUTS: readonly (readonly [string, unknown, RegExp])[] = [
  ['an empty input', { ...HELLO, input: '' }, /input is empty: pass the message/],
  ['an input of spaces', { ...HELLO, input: ' \n' }, /input is empty: pass the message/],
  ['an input of no items', { ...HELLO, input: [] }, /empty list: pass at least one item/],
  ['no input', { agent: 'assistant' }, /input must be a string or a list/],
  ['no agent', { input: 'Hello.' }, /agent must be a string/],
  ['an item that is none', { ...HELLO, input: ['Hello.'] }, /input\[0\] is no Responses input item/],
  ['an unknown item', { ...HELLO, input: [{ type: 'wish' }] }, /input\[0\].* type "wish" is unknown/],
  ['an unknown role', { ...HELLO, input: [{ role: 'king', content: 'Hello.' }] }, /role of user, assistant/],
  [
    'a message of nothing',
    { ...HELLO, input: [{ role: 'user', content: [] }] },
    /input\[0\] needs a content/,
  ],
  [
    'an unknown field',
    { ...HELLO, thread: 't' },
    /thread is no field of a turn; known here are agent, input/,
  ],
  ['an unknown override', { ...HELLO, overrides: { temperature: 1 } }, /overrides\.temperature is no field/],
  ['an unknown limit', { ...HELLO, limits: { max_turns: 1 } }, /limits\.max_turns is no field/],
  ['a limit of 0', { ...HELLO, limits: { max_responses: 0 } }, /limits\.max_responses must be a number/],
  [
    'a conversation and a response to go on from',
    { ...HELLO, conversation: 'conv_1', previous_response_id: 'resp_1' },
    /conversation and previous_response_id exclude each other/,
  ],
  [
    'base64 of more than 256 KiB',
    { ...HELLO, input: [{ role: 'user', content: [{ type: 'input_image', image_url: DATA_URL }] }] },
    /input\[0\]\.content\[0\]\.image_url holds .* upload it with files\.create and pass file_id/,
  ],
  ['a context that is too large', { ...HELLO, context: 'x'.repeat(17_000) }, /context is 17002 bytes/],
];

describe('an input that cannot be right', () => {
  test.each(BAD_INPUTS)("is refused at the client's door: %s", async (_what, input, says) => {
    const turnId = `refused-${randomUUID()}`;
    const refused = await startUntyped(input, turnId).catch((thrown: unknown) => thrown);

    expect(refused).toBeInstanceOf(InvalidTurnInputError);
    expect(String(refused)).toMatch(says);
    await expect(rig.turns.getHandle(turnId).progress()).rejects.toBeInstanceOf(TurnNotFoundError);
  });

  const NO_OBJECTS = [
    ['nothing', undefined, /must be an object/],
    ['a string', 'Hello.', /must be an object/],
  ] as const;

  test.each([...BAD_INPUTS, ...NO_OBJECTS])(
    'fails a turn that was started by plain name: %s',
    async (_what, input, says) => {
      const before = model.modelRequests.length;
      const turn = await startByName(input);
      const events = await seenBy(rig, turn);

      expect(events.map(({ type }) => type)).toEqual(['turn_started', 'turn_failed']);
      expect(events.at(-1)).toMatchObject({
        error: {
          code: 'invalid_turn_input',
          source: 'workflow',
          retryable: false,
          message: expect.stringMatching(says),
        },
      });
      await expect(rig.client.workflow.getHandle(turn.turnId).result()).rejects.toMatchObject({
        cause: { type: 'InvalidTurnInput', nonRetryable: true },
      });
      expect(model.modelRequests.length).toBe(before);
    },
  );
});

describe('a turn that cannot work', () => {
  test.each([
    ['client', (input: object) => startUntyped(input)],
    ['plain name', (input: object) => startByName(input)],
  ])('fails for an unknown agent, with the names of those that are known (%s)', async (_door, start) => {
    const before = model.modelRequests.length;
    const turn = await start({ agent: 'nobody', input: 'Hello.' });
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { code: 'unknown_agent', retryable: false },
    });
    expect(messageOf(events)).toMatch(/"nobody".*known: assistant.*DurableTurnsPlugin/);
    expect(model.modelRequests.length).toBe(before);
    expect(await triesOf(turn)).toBe(1);
  });

  test.each([
    ['a parameter that the turn owns', { stream: false }, /request\.stream/],
    ['a response that is not stored', { store: false }, /store: false.*stateless/],
  ])('fails for an override of %s', async (_what, request, says) => {
    const before = model.modelRequests.length;
    const turn = await startByName({ ...HELLO, overrides: { request } });
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { code: 'invalid_agent', retryable: false },
    });
    expect(messageOf(events)).toMatch(says);
    expect(model.modelRequests.length).toBe(before);
  });

  test.each([
    ['a model that is unknown', 'stranger', /model/],
    ['a server without the Responses API', 'not-found', /base URL/],
    ['a server of web pages', 'html', /base URL/],
    ['a host that is unknown', 'lost', /base URL|address/],
  ])('fails after one request for %s', async (_what, agent, says) => {
    const before = requestCount();
    const turn = await rig.turns.start({ agent, input: 'Hello.' });
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { source: 'model', retryable: false },
    });
    expect(messageOf(events)).toMatch(says);
    expect(await triesOf(turn)).toBe(1);
    expect(requestCount()).toBe(before + 1);
  });

  test('fails after the allowed attempts when nobody listens at the address', async () => {
    const turn = await rig.turns.start({ agent: 'refused', input: 'Hello.' });
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({
      type: 'turn_failed',
      error: { code: 'model_unavailable', source: 'model', attempt: ATTEMPTS },
    });
    expect(messageOf(events)).toMatch(/ECONNREFUSED.*check the base URL/);
    expect(ofType(events, 'step_superseded')).toHaveLength(ATTEMPTS - 1);
    expect(await triesOf(turn)).toBe(ATTEMPTS);
  });
});

describe('a worker that cannot work', () => {
  const agents = [defineAgent({ name: 'assistant', model: 'scripted' })];

  test('is refused without an API key', () => {
    const make = () => new DurableTurnsPlugin({ agents });

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/OPENAI_API_KEY/);
  });

  test.each(['localhost:8321/v1', 'not a url', 'ftp://example.com'])(
    'is refused with the base URL %s',
    (baseURL) => {
      const make = () => new DurableTurnsPlugin({ agents, openai: { apiKey: 'k', baseURL } });

      expect(make).toThrow(ConfigurationError);
      expect(make).toThrow(/http\(s\) URL.*https:\/\/api\.openai\.com\/v1/);
    },
  );
});

test("neither the API key nor what the tools are is kept in a turn's history", async () => {
  const turn = await rig.turns.start({ agent: 'librarian', input: '[[call look_up {"word":"turtle"}]]' });
  expect((await turn.result()).final_text).toContain('turtle is a word');

  const { body, headers } = model.modelRequests.at(-1) ?? {};
  expect(JSON.stringify(body)).toContain(MARKER);
  expect(headers).toHaveProperty('authorization');
  const history = await rig.client.workflow.getHandle(turn.turnId).fetchHistory();
  const kept = everyText(history);
  expect(kept).toContain('turtle is a word');
  expect(kept).not.toContain(MARKER);
  expect(kept).not.toContain(API_KEY);
});

/** As callers without our types do. */
function startUntyped(input: unknown, turnId: string = `turn-${randomUUID()}`): Promise<TurnHandle> {
  const untyped: TurnInput = JSON.parse(JSON.stringify(input));
  return rig.turns.start(untyped, { turnId });
}

async function startByName(input: unknown): Promise<TurnHandle> {
  const { workflowId } = await rig.client.workflow.start('agentTurn', {
    workflowId: `plain-${randomUUID()}`,
    taskQueue: rig.taskQueue,
    args: input === undefined ? [] : [input],
  });
  return rig.turns.getHandle(workflowId);
}

function messageOf(events: Parameters<typeof ofType>[0]): string | undefined {
  return ofType(events, 'turn_failed')[0]?.error.message;
}

/** How often the turn's first activity was tried. */
async function triesOf({ turnId }: TurnHandle): Promise<number | undefined> {
  const { events } = await rig.client.workflow.getHandle(turnId).fetchHistory();
  const started = events?.findLast((event) => event.activityTaskStartedEventAttributes);
  return started?.activityTaskStartedEventAttributes?.attempt ?? undefined;
}

/** As `fetch` fails for an unknown host; a machine without a network would say that it cannot tell yet. */
function hostNotFound(): Promise<Response> {
  wrong.requests.push('unknown host');
  const cause = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.invalid'), { code: 'ENOTFOUND' });
  return Promise.reject(new TypeError('fetch failed', { cause }));
}

const requestCount = (): number => model.modelRequests.length + wrong.requests.length;

/** Every string and every payload within, as one text. */
function everyText(value: unknown): string {
  if (typeof value === 'string') return `${value}\n`;
  if (value instanceof Uint8Array) return `${Buffer.from(value).toString('utf8')}\n`;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(everyText).join('');
}

interface WrongServer {
  readonly url: string;
  readonly server: Server;
  readonly requests: string[];
}

/** Not what it is taken for: it answers with web pages, below `/404` with that status. */
async function startWrongServer(): Promise<WrongServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const status = request.url?.startsWith('/404') ? 404 : 200;
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html><h1>Hello</h1></html>');
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${port}`, server, requests };
}
