import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { describe, expect, test } from 'vitest';
import { interrupted, retryAfterOf, saidFailure, thrownFailure } from './model-errors.js';
import { backoff, retryDelay } from './retry-delay.js';

const facts = { attempt: 2, response_id: 'resp_1' };

function answered(status: number, code: string | null = null, headers: Record<string, string> = {}) {
  const error = { message: 'Said the server', code };
  return thrownFailure(
    APIError.generate(status, { error }, undefined, new Headers({ 'x-request-id': 'req_1', ...headers })),
    facts,
  );
}

/** As the openai client throws it when `fetch` fails. */
function unreachable(code: string) {
  const failed = new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  return thrownFailure(new APIConnectionError({ cause: failed }), facts);
}

describe('an HTTP status', () => {
  test.each([408, 409, 429, 500, 502, 503, 504, 529])('%i is tried again', (status) => {
    expect(answered(status)).toMatchObject({ type: 'ModelUnavailable', error: { retryable: true } });
  });

  test.each([400, 401, 403, 404, 413, 422])('%i is not', (status) => {
    expect(answered(status)).toMatchObject({ type: 'ModelRequestRejected', error: { retryable: false } });
  });

  test('names status, request, response and attempt', () => {
    expect(answered(429, 'rate_limit_exceeded').error).toMatchObject({
      code: 'rate_limit_exceeded',
      source: 'model',
      http_status: 429,
      request_id: 'req_1',
      response_id: 'resp_1',
      attempt: 2,
    });
  });

  test.each([
    [401, /API key/],
    [404, /base URL/],
  ])('%i says what may be wrong', (status, hint) => {
    expect(answered(status).error.message).toMatch(hint);
  });

  test('a spent quota is not tried again, whatever the server says', () => {
    expect(answered(429, 'insufficient_quota').type).toBe('ModelRequestRejected');
    expect(answered(429, 'insufficient_quota', { 'x-should-retry': 'true' }).type).toBe(
      'ModelRequestRejected',
    );
  });

  test('a locked conversation is, though its status is 400', () => {
    expect(answered(400, 'conversation_locked').type).toBe('ModelUnavailable');
  });

  test('x-should-retry overrules the status', () => {
    expect(answered(400, null, { 'x-should-retry': 'true' }).type).toBe('ModelUnavailable');
    expect(answered(503, null, { 'x-should-retry': 'false' }).type).toBe('ModelRequestRejected');
  });

  test('retry-after is passed on', () => {
    expect(answered(429, null, { 'retry-after': '7' }).retryAfter).toBe(7000);
    expect(answered(429)).not.toHaveProperty('retryAfter');
  });
});

describe('an error that the stream said', () => {
  test.each(['server_error', 'rate_limit_exceeded', 'vector_store_timeout'])('%s passes', (code) => {
    expect(saidFailure({ code, message: 'x' }, facts).type).toBe('ModelUnavailable');
  });

  test.each(['invalid_prompt', 'insufficient_quota', 'context_length_exceeded'])('%s does not', (code) => {
    expect(saidFailure({ code, message: 'x' }, facts)).toMatchObject({
      type: 'ModelResponseFailed',
      error: { code, retryable: false },
    });
  });

  test('is the same when the client threw it', () => {
    const thrown = new APIError(undefined, { code: 'server_error', message: 'x' }, undefined, new Headers());
    expect(thrownFailure(thrown, facts)).toMatchObject({
      type: 'ModelUnavailable',
      error: { code: 'server_error' },
    });
  });

  test.each([
    [429, 'ModelUnavailable'],
    [400, 'ModelRequestRejected'],
  ])('with the number %i for a code is a status', (code, type) => {
    expect(saidFailure({ code: String(code), message: 'x', http_status: code }, facts).type).toBe(type);
    const thrown = new APIError(undefined, { code, message: 'x' }, undefined, new Headers());
    expect(thrownFailure(thrown, facts)).toMatchObject({ type, error: { http_status: code } });
  });
});

describe('a connection', () => {
  test('to a name that does not exist is not tried again', () => {
    expect(unreachable('ENOTFOUND')).toMatchObject({
      type: 'ModelRequestRejected',
      error: { code: 'enotfound' },
    });
  });

  test.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('whose certificate is not to be trusted is not: %s', (code) => {
    const { type, error } = unreachable(code);
    expect(type).toBe('ModelRequestRejected');
    expect(error).toMatchObject({ code: code.toLowerCase(), retryable: false });
  });

  test.each(['ECONNREFUSED', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'])('that ended with %s is', (code) => {
    const failure = unreachable(code);
    expect(failure.type).toBe('ModelUnavailable');
    expect(failure.error.message).toContain(code);
  });

  test('that was cut in the middle of a stream is an interruption', () => {
    for (const thrown of [new TypeError('terminated'), new SyntaxError('Unexpected end of JSON input')]) {
      expect(thrownFailure(thrown, facts)).toMatchObject({
        type: 'ModelStreamInterrupted',
        error: { retryable: true, response_id: 'resp_1' },
      });
    }
    expect(unreachable('ECONNRESET').type).toBe('ModelStreamInterrupted');
  });

  test('errors of any other shape are tried again, with their message', () => {
    for (const thrown of [new APIUserAbortError(), new Error('odd'), 'odd', null, undefined]) {
      expect(thrownFailure(thrown, facts)).toMatchObject({ type: 'ModelUnavailable' });
    }
    expect(thrownFailure(new Error('odd'), facts).error.message).toMatch(/^odd\. /);
  });
});

test('a stream without an end is an interruption', () => {
  expect(interrupted('It stopped', { attempt: 1 })).toMatchObject({
    type: 'ModelStreamInterrupted',
    error: { code: 'stream_interrupted', attempt: 1 },
  });
});

describe('retry-after', () => {
  const now = Date.parse('2026-01-05T12:00:00Z');
  test.each([
    [{ 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after-ms': '0' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '-3' }, 0],
    [{ 'retry-after': 'Mon, 05 Jan 2026 12:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Mon, 05 Jan 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, ms) => {
    expect(retryAfterOf(new Headers(headers), now)).toBe(ms);
  });
});

describe('the delay before the next try', () => {
  test.each([
    [0, 50],
    [12.6, 50],
    [1234.4, 1234],
    [3_600_000, 60_000],
    [undefined, undefined],
  ])('for a wish of %s ms is %s ms', (wish, delay) => {
    expect(retryDelay(wish)).toBe(delay);
  });

  test('without a wish is the back-off of the workflow', () => {
    expect([1, 2, 3, 7, 8, 50].map(backoff)).toEqual([500, 1000, 2000, 30_000, 30_000, 30_000]);
  });
});
