import { expect, test } from 'vitest';
import { requestAttributes, usageAttributes } from './attributes.js';

const request = { agent: 'a', model: 'm', response: 1, attempt: 1, settings: {} };

test('the address is host and port, and nothing else of the URL', () => {
  const attributes = requestAttributes({
    ...request,
    baseUrl: 'https://user:secret@models.test/v1?key=secret',
  });
  expect(attributes).toMatchObject({ 'server.address': 'models.test', 'server.port': 443 });
  expect(JSON.stringify(attributes)).not.toContain('secret');
});

test('a client without an address, or with one that is none, has no address', () => {
  expect(requestAttributes(request)).not.toHaveProperty('server.address');
  expect(requestAttributes({ ...request, baseUrl: 'models' })).not.toHaveProperty('server.address');
});

test('of the request only settings that are numbers are taken', () => {
  const settings = {
    temperature: 0,
    top_p: '1',
    max_output_tokens: 9,
    input: 'secret',
    instructions: 'secret',
  };
  const attributes = requestAttributes({ ...request, settings });
  expect(attributes).toMatchObject({ 'gen_ai.request.temperature': 0, 'gen_ai.request.max_tokens': 9 });
  expect(attributes).not.toHaveProperty('gen_ai.request.top_p');
  expect(JSON.stringify(attributes)).not.toContain('secret');
});

test('a server that counts no tokens gives no token attributes', () => {
  expect(usageAttributes(undefined)).toEqual({});
  expect(usageAttributes({ input_tokens: 1, output_tokens: 2, total_tokens: 3 })).toEqual({
    'gen_ai.usage.input_tokens': 1,
    'gen_ai.usage.output_tokens': 2,
  });
});
