/** The openai client of a worker, or a clear word on what it lacks. */
import OpenAI from 'openai';
import type { ClientOptions } from 'openai';
import { ConfigurationError } from '../agents/configuration-error.js';
import type { ModelClient } from '../agents/model-client.js';

export type { ModelClient } from '../agents/model-client.js';

/** @throws ConfigurationError when there is no key, or the base URL is none. */
export function modelClient(given: ModelClient | ClientOptions | undefined): ModelClient {
  if (given && isClient(given)) return given;
  const options = given ?? {};
  checkBaseUrl(options.baseURL ?? process.env['OPENAI_BASE_URL']);
  try {
    return new OpenAI(options);
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    throw new ConfigurationError(
      `the model client cannot be made: set OPENAI_API_KEY, or pass DurableTurnsPlugin({ openai: { apiKey } }). (${said})`,
    );
  }
}

function checkBaseUrl(baseURL: string | null | undefined): void {
  if (baseURL === undefined || baseURL === null || baseURL === '') return;
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
  throw new ConfigurationError(
    `baseURL ${JSON.stringify(baseURL)} is no http(s) URL; it looks like https://api.openai.com/v1`,
  );
}

function isClient(given: ModelClient | ClientOptions): given is ModelClient {
  return 'responses' in given;
}
