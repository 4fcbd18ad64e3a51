/**
 * What of a server's JSON may stand in an event: no secrets, no blobs, and no more than an event can bear.
 * A blob becomes words that tell its size; who needs it gets it from the response by the item's id.
 */
import type { JsonObject, JsonValue } from '../events/index.js';
import { byteLength, cutToBytes } from './byte-limit.js';
import { isObject } from './json-reader.js';
import { HOSTED_TEXT_BYTES } from './limits.js';

const SECRET =
  /^(authorization|proxy_authorization|headers|cookies?|credentials?|password|secret|fingerprint|encrypted_content|(api|access|private)_?key|((access|refresh|auth|bearer|id|session)_?)?token)$/i;
/** Nobody writes a thousand characters without a space: images, archives and the like. */
const BLOB = /(data:[\w.+-]+\/[\w.+-]+;base64,)?[A-Za-z0-9+/_-]{1024,}={0,2}/g;
const DATA_URL = /data:[\w.+-]+\/[\w.+-]+;base64,[A-Za-z0-9+/_-]{64,}={0,2}/g;

/** Text without blobs. */
export function withoutBlobs(text: string): string {
  return text.length < 64 ? text : text.replace(DATA_URL, blobInWords).replace(BLOB, blobInWords);
}

/** JSON without secrets and blobs. */
export function safeJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return withoutBlobs(value);
  if (Array.isArray(value)) return value.map((entry: JsonValue) => safeJson(entry));
  if (!isObject(value)) return value;
  const safe: Record<string, JsonValue> = {};
  for (const [name, entry] of Object.entries(value)) {
    if (entry !== undefined && !SECRET.test(name)) safe[name] = safeJson(entry);
  }
  return safe;
}

/** Text or JSON that fits into an event; JSON that is too large stays as the beginning of its text. */
export function fitting(value: JsonValue): { readonly content: JsonValue; readonly truncated: boolean } {
  const content = safeJson(value);
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const kept = cutToBytes(text, HOSTED_TEXT_BYTES);
  return kept.length < text.length ? { content: kept, truncated: true } : { content, truncated: false };
}

/** Several texts that share the bytes of one event: the first ones get them. */
export class TextAllowance {
  truncated = false;
  #left = HOSTED_TEXT_BYTES;

  take(text: string): string {
    const whole = withoutBlobs(text);
    const kept = cutToBytes(whole, this.#left);
    if (kept.length < whole.length) this.truncated = true;
    this.#left = kept.length < whole.length ? 0 : this.#left - byteLength(kept);
    return kept;
  }
}

/** The members of an object that are text, numbers or flags; others are of no use to a reader. */
export function plainMembers(object: JsonObject, names: readonly string[]): JsonObject {
  const members: Record<string, JsonValue> = {};
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') members[name] = withoutBlobs(value);
    else if (typeof value === 'number' || typeof value === 'boolean') members[name] = value;
  }
  return members;
}

/** Bytes that a base64 text holds. */
export function base64Bytes(text: string): number {
  const data = text.slice(text.indexOf(',') + 1);
  return Math.floor((data.replace(/=+$/, '').length * 3) / 4);
}

function blobInWords(blob: string): string {
  return `[${base64Bytes(blob)} bytes left out]`;
}
