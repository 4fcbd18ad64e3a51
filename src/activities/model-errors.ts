/**
 * The one table from what a model server or its connection says to a failure: its type, whether the request
 * may be sent again, and when. Errors are read by shape, not by class: a user's copy of the openai package
 * need not be ours, and versions differ in what they throw.
 */
import { turnError } from '../protocol/failures.js';
import type { FailureType } from '../protocol/failures.js';
import type { TurnError } from '../events/turn-event.js';
import { isHopelessCode, isPassingCode, isPassingStatus } from '../synthesizer/index.js';

export interface ModelFailure {
  readonly type: FailureType;
  readonly error: TurnError;
  /** Milliseconds that the server asks us to wait. */
  readonly retryAfter?: number;
  /** The response itself has ended: one in the background does not run on. */
  readonly ended?: boolean;
}

/** What is known of the request, for the error. */
export interface RequestFacts {
  readonly attempt: number;
  readonly response_id?: string | undefined;
}

const WRONG_ADDRESS: ReadonlySet<string> = new Set(['ENOTFOUND', 'ERR_INVALID_URL', 'EPROTO']);
const UNTRUSTED: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** From what `responses.create` or its stream threw. */
export function thrownFailure(thrown: unknown, facts: RequestFacts): ModelFailure {
  const said = shapeOf(thrown);
  const { status, code, message, headers, requestID, cause } = said;
  const known = { ...facts, request_id: requestID };
  if (status !== undefined) {
    const retryAfter = retryAfterOf(headers);
    return {
      ...byStatus(status, code, message, known, headers),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }
  if (said.isApiError && (code !== undefined || said.http_status !== undefined)) {
    const { http_status } = said;
    const failed = { code: code ?? 'error', message, ...(http_status === undefined ? {} : { http_status }) };
    return { ...saidFailure(failed, known), ended: true };
  }
  const network = networkCode(thrown) ?? networkCode(cause);
  if (network && WRONG_ADDRESS.has(network)) {
    return failure('ModelRequestRejected', known, {
      code: network.toLowerCase(),
      message: `No model server at this address: ${message}`,
    });
  }
  if (network && UNTRUSTED.has(network)) {
    return failure('ModelRequestRejected', known, {
      code: network.toLowerCase(),
      message: `The server's certificate is not to be trusted: ${message}`,
    });
  }
  const cutOff = thrown instanceof TypeError || thrown instanceof SyntaxError || network === 'ECONNRESET';
  const type = cutOff ? 'ModelStreamInterrupted' : 'ModelUnavailable';
  return failure(type, known, { message: network ? `${message} (${network})` : message });
}

/** From an `error` event or the error of a `failed` response. Codes that are numbers are HTTP statuses. */
export function saidFailure(
  said: { readonly code: string; readonly message: string; readonly http_status?: number },
  facts: RequestFacts & { request_id?: string | undefined },
): ModelFailure {
  const { code, message, http_status } = said;
  if (http_status !== undefined) return byStatus(http_status, code, message, facts, undefined);
  return failure(isPassingCode(code) ? 'ModelUnavailable' : 'ModelResponseFailed', facts, {
    code,
    message,
  });
}

/** The stream was over before the response was. */
export function interrupted(message: string, facts: RequestFacts): ModelFailure {
  return failure('ModelStreamInterrupted', facts, { message });
}

function byStatus(
  status: number,
  code: string | undefined,
  message: string,
  facts: RequestFacts & { request_id?: string | undefined },
  headers: HeadersLike | undefined,
): ModelFailure {
  const asked = headers?.get('x-should-retry');
  const passes = isPassingStatus(status) || isPassingCode(code);
  const hopeless = isHopelessCode(code) || asked === 'false';
  const retry = !hopeless && (passes || asked === 'true');
  const type = retry ? 'ModelUnavailable' : 'ModelRequestRejected';
  return failure(type, facts, {
    ...(code === undefined ? {} : { code }),
    message: `${hintFor(status)}${message}`,
    http_status: status,
  });
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) return 'The API key was refused: ';
  if (status === 404) return 'Not found, so the base URL, the model or an id is wrong: ';
  return '';
}

function failure(
  type: FailureType,
  facts: RequestFacts & { request_id?: string | undefined },
  said: { code?: string; message: string; http_status?: number },
): ModelFailure {
  const { attempt, response_id, request_id } = facts;
  const known = {
    attempt,
    ...(response_id === undefined ? {} : { response_id }),
    ...(request_id === undefined ? {} : { request_id }),
  };
  return { type, error: turnError(type, { ...known, ...said }) };
}

interface HeadersLike {
  get(name: string): string | null;
}

interface Shape {
  readonly status: number | undefined;
  /** A code that is a number: gateways write the status that they were given into an error event. */
  readonly http_status: number | undefined;
  readonly code: string | undefined;
  readonly message: string;
  readonly headers: HeadersLike | undefined;
  readonly requestID: string | undefined;
  readonly cause: unknown;
  readonly isApiError: boolean;
}

function shapeOf(thrown: unknown): Shape {
  const { status, code, type, message, headers, requestID, cause } = Object(thrown) as Readonly<
    Record<string, unknown>
  >;
  const hasHeaders = typeof headers === 'object' && headers !== null && 'get' in headers;
  return {
    status: typeof status === 'number' ? status : undefined,
    http_status: typeof code === 'number' ? code : undefined,
    code: [code, type].find((word) => typeof word === 'string'),
    message: typeof message === 'string' ? message : String(thrown),
    headers: hasHeaders ? (headers as HeadersLike) : undefined,
    requestID: typeof requestID === 'string' ? requestID : undefined,
    cause,
    isApiError: 'requestID' in Object(thrown),
  };
}

function networkCode(error: unknown): string | undefined {
  const { code, cause } = Object(error) as Readonly<Record<string, unknown>>;
  if (typeof code === 'string' && (/^E[A-Z_]+$/.test(code) || UNTRUSTED.has(code))) return code;
  return cause === undefined || cause === null ? undefined : networkCode(cause);
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date; in ms. */
export function retryAfterOf(headers: HeadersLike | undefined, now = Date.now()): number | undefined {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const after = headers?.get('retry-after');
  if (!after) return undefined;
  const seconds = Number.parseFloat(after);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
