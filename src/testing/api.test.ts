import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reply, ScriptedResponsesServer } from './index.js';

let server: ScriptedResponsesServer;
let client: OpenAI;

beforeAll(async () => {
  server = await ScriptedResponsesServer.start({ models: ['m', 'n'] });
  client = new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => server.stop());

async function post(
  path: string,
  body: unknown,
  key = 'Bearer any',
): Promise<{ status: number; json: unknown }> {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== '' && { authorization: key }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, json: await answer.json() };
}

describe('a request is refused as OpenAI refuses it', () => {
  test.each([
    ['without a key', '/responses', { model: 'm', input: 'Hi' }, 401, {}, ''],
    [
      'without a model',
      '/responses',
      { input: 'Hi' },
      400,
      { param: 'model', code: 'missing_required_parameter' },
    ],
    [
      'without an input',
      '/responses',
      { model: 'm' },
      400,
      { param: 'input', code: 'missing_required_parameter' },
    ],
    ['with an unknown model', '/responses', { model: 'x', input: 'Hi' }, 400, { code: 'model_not_found' }],
    ['that is no JSON', '/responses', '{"model":', 400, { type: 'invalid_request_error' }],
    ['to an unknown path', '/nothing', {}, 404, { type: 'invalid_request_error' }],
    [
      'after an unknown response',
      '/responses',
      { model: 'm', input: 'Hi', previous_response_id: 'resp_x' },
      400,
      { code: 'previous_response_not_found' },
    ],
    [
      'in an unknown conversation',
      '/responses',
      { model: 'm', input: 'Hi', conversation: { id: 'conv_x' } },
      404,
      {},
    ],
    [
      'with both a conversation and a previous response',
      '/responses',
      { model: 'm', input: 'Hi', conversation: 'conv_x', previous_response_id: 'resp_x' },
      400,
      { code: 'mutually_exclusive_parameters' },
    ],
    [
      'that searches an unknown vector store',
      '/responses',
      { model: 'm', input: 'Hi', tools: [{ type: 'file_search', vector_store_ids: ['vs_x'] }] },
      404,
      {},
    ],
    [
      'with a function in the form of chat completions',
      '/responses',
      { model: 'm', input: 'Hi', tools: [{ type: 'function', function: { name: 'f' } }] },
      400,
      { param: 'tools[0].name' },
    ],
  ])('%s', async (_, path, body, status, error, key = 'Bearer any') => {
    expect(await post(path, body, key)).toMatchObject({ status, json: { error } });
  });

  test('when a function call of the chain has no output', async () => {
    const first = await client.responses.create({ model: 'm', input: '[[call f]] [[call g]]' });
    const [f] = first.output.flatMap((item) => (item.type === 'function_call' ? [item.call_id] : []));
    const input = [{ type: 'function_call_output' as const, call_id: f ?? '', output: 'x' }];
    await expect(
      client.responses.create({ model: 'm', previous_response_id: first.id, input }),
    ).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('No tool output found for function call'),
    });
  });
});

describe('conversations', () => {
  test('take the items of their responses and give them to the next one', async () => {
    const { id } = await client.conversations.create({ metadata: { topic: 'cats' } });
    await client.responses.create({ model: 'm', conversation: id, input: 'My cat is Tom.' });
    const second = await client.responses.create({ model: 'm', conversation: { id }, input: 'And now?' });
    expect(second.output_text).toBe(
      'This is turn 2 of our talk. You said: "And now?". Before that you said: "My cat is Tom.".',
    );
    const items = await client.conversations.items.list(id);
    expect(items.data.map((item) => (item.type === 'message' ? item.role : item.type))).toEqual([
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
    expect(items.data[0]).toMatchObject({ id: second.output[0]?.id });
  });

  test.each([400, 409] as const)('that are busy are refused with %d where that is wanted', async (status) => {
    const steps = [reply.text('Hello'), reply.delay(60_000, 4), reply.text(' there')];
    const other = await ScriptedResponsesServer.start({ lockConversations: status, script: () => steps });
    const asking = new OpenAI({ baseURL: other.url, apiKey: 'any', maxRetries: 0 });
    const conversation = (await asking.conversations.create()).id;
    const ask = () => asking.responses.create({ model: 'm', conversation, input: 'Hi', stream: true });
    const first = await ask();
    await other.waitForRequest(({ sent_events }) => sent_events === 4);
    await expect(ask()).rejects.toMatchObject({ status, code: 'conversation_locked', param: 'conversation' });
    first.controller.abort();
    await other.waitForRequest(({ client_closed }) => client_closed);
    await expect(ask()).resolves.toBeDefined();
    await other.stop();
  });

  test('are created, read, extended, paged and deleted through the SDK', async () => {
    const { id } = await client.conversations.create({
      items: [{ type: 'message', role: 'user', content: 'one' }],
    });
    const added = await client.conversations.items.create(id, {
      items: [
        { type: 'message', role: 'assistant', content: 'two' },
        { type: 'message', role: 'user', content: 'three' },
      ],
    });
    expect(added.data).toMatchObject([{ content: [{ type: 'output_text', text: 'two' }] }, { role: 'user' }]);
    const ids: string[] = [];
    for await (const item of client.conversations.items.list(id, { limit: 2, order: 'asc' }))
      ids.push(item.id ?? '');
    expect(ids).toHaveLength(3);
    expect(await client.conversations.items.retrieve(ids[1] ?? '', { conversation_id: id })).toMatchObject({
      role: 'assistant',
    });
    await client.conversations.items.delete(ids[1] ?? '', { conversation_id: id });
    expect((await client.conversations.items.list(id)).data).toHaveLength(2);
    expect(await client.conversations.retrieve(id)).toMatchObject({ id, object: 'conversation' });
    expect(await client.conversations.delete(id)).toMatchObject({ deleted: true });
    await expect(client.conversations.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  test('of a stateless caller are sent with every request', async () => {
    const first = await client.responses.create({ model: 'm', input: 'My cat is Tom.', store: false });
    await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
    const second = await client.responses.create({
      model: 'm',
      store: false,
      input: [
        { role: 'user', content: 'My cat is Tom.' },
        ...first.output.filter((item) => item.type === 'message'),
        { role: 'user', content: 'And now?' },
      ],
    });
    expect(second.output_text).toContain('Before that you said: "My cat is Tom."');
  });
});

describe('files and vector stores', () => {
  test('are filtered by attributes, listed, and told apart when they hold no text', async () => {
    const upload = async (bytes: Buffer, name: string): Promise<string> =>
      (await client.files.create({ file: await toFile(bytes, name), purpose: 'assistants' })).id;
    const { id } = await client.vectorStores.create({ name: 'v' });
    const [en, de] = await Promise.all([
      upload(Buffer.from('Cats sleep a lot.'), 'en.txt'),
      upload(Buffer.from('Cats schlafen viel.'), 'de.txt'),
    ]);
    await client.vectorStores.files.createAndPoll(id, { file_id: en, attributes: { lang: 'en' } });
    await client.vectorStores.files.createAndPoll(id, { file_id: de, attributes: { lang: 'de' } });
    const found = await client.vectorStores.search(id, {
      query: 'cats',
      filters: { type: 'eq', key: 'lang', value: 'de' },
    });
    expect(found.data.map(({ filename }) => filename)).toEqual(['de.txt']);

    const binary = await upload(Buffer.from([0, 1, 2]), 'x.bin');
    const attached = await client.vectorStores.files.createAndPoll(id, { file_id: binary });
    expect(attached).toMatchObject({ status: 'failed', last_error: { code: 'unsupported_file' } });
    expect((await client.vectorStores.retrieve(id)).file_counts).toMatchObject({
      completed: 2,
      failed: 1,
      total: 3,
    });

    await client.vectorStores.files.delete(de, { vector_store_id: id });
    expect((await client.vectorStores.files.list(id)).data).toHaveLength(2);
    expect(await client.vectorStores.delete(id)).toMatchObject({ deleted: true });
    expect(await client.files.delete(en)).toMatchObject({ deleted: true });
    await expect(client.files.retrieve(en)).rejects.toMatchObject({ status: 404 });
  });
});

describe('the server', () => {
  test('lists its models', async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['m', 'n']);
  });

  test('logs each request with its body and without the key', async () => {
    const n = server.modelRequests.length + 1;
    const coming = server.waitForRequest(n);
    await client.responses.create({ model: 'm', input: 'Log me' });
    const entry = await coming;
    expect(entry).toMatchObject({
      method: 'POST',
      path: '/v1/responses',
      body: { model: 'm', input: 'Log me' },
    });
    expect(entry.headers['authorization']).toBe('(present)');
    expect(JSON.stringify(server.requests)).not.toContain('Bearer');
  });

  test('lets go of those who wait when it stops', async () => {
    const other = await ScriptedResponsesServer.start();
    const waiting = other.waitForRequest(1);
    await Promise.all([expect(waiting).rejects.toThrow('was stopped'), other.stop()]);
  });
});
