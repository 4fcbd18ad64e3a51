/** What goes over the wire, as JSON, and how to read foreign JSON without trusting it. */
import { randomBytes } from 'node:crypto';
import type { JsonObject, JsonValue } from '../events/json.js';

/** An input or output item of the Responses API. */
export type Item = JsonObject & { readonly type: string };

/** One event of a Responses stream. */
export type WireEvent = JsonObject & { readonly type: string };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

export function objectsOf(value: unknown): readonly JsonObject[] {
  return listOf(value).filter(isObject);
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function stringsOf(value: unknown): readonly string[] {
  return listOf(value).filter((entry) => typeof entry === 'string');
}

/** Text of a message's content, of a tool's output or of any list of parts that hold text. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .map((part) => stringOf(part['text']) ?? stringOf(part['refusal']) ?? '')
    .join('');
}

/** A fresh id as OpenAI writes them: `resp_`, `msg_`, `call_` ... and hexadecimal digits. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`;
}

/** Seconds since 1970, as in `created_at`. */
export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** About what a tokenizer makes of it; the same text always gives the same number. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}
