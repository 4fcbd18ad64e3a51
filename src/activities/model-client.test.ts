import OpenAI from 'openai';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConfigurationError } from '../agents/configuration-error.js';
import { modelClient } from './model-client.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the model client', () => {
  test('is the one that was given', () => {
    const client = new OpenAI({ apiKey: 'k' });
    expect(modelClient(client)).toBe(client);
  });

  test('is made of options', () => {
    expect(modelClient({ apiKey: 'k', baseURL: 'http://127.0.0.1:8321/v1' })).toMatchObject({
      baseURL: 'http://127.0.0.1:8321/v1',
    });
  });

  test('is made of the environment', () => {
    vi.stubEnv('OPENAI_API_KEY', 'k');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:8321/v1');
    expect(modelClient(undefined)).toMatchObject({ baseURL: 'http://127.0.0.1:8321/v1' });
  });
});

describe('is refused, saying what to set:', () => {
  test('no key', () => {
    vi.stubEnv('OPENAI_API_KEY', undefined);
    expect(() => modelClient(undefined)).toThrow(ConfigurationError);
    expect(() => modelClient({})).toThrow(/set OPENAI_API_KEY, or pass/);
  });

  test.each(['localhost:8321/v1', 'my-server', 'ftp://x/v1'])('the base URL %s', (baseURL) => {
    expect(() => modelClient({ apiKey: 'k', baseURL })).toThrow(ConfigurationError);
    vi.stubEnv('OPENAI_BASE_URL', baseURL);
    expect(() => modelClient({ apiKey: 'k' })).toThrow(/is no http\(s\) URL/);
  });
});
