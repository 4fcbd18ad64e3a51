/**
 * apply_patch calls: the operation as JSON, its diff last, so that the diff can grow at the end while the
 * model writes it.
 */
import type { JsonObject } from '../events/index.js';
import { objectOf } from './json-reader.js';

/** The operation as JSON text; null when there is none. */
export function patchArguments(item: JsonObject): string | null {
  const operation = objectOf(item['operation']);
  if (!operation) return null;
  const { diff, ...rest } = operation;
  return JSON.stringify({ ...rest, ...(diff === undefined || diff === null ? {} : { diff }) });
}

/** What is known when the call opens: up to the open quote of a diff that is still to come. */
export function openPatchArguments(item: JsonObject): string | null {
  const whole = patchArguments(item);
  return objectOf(item['operation'])?.['diff'] === '' ? (whole?.slice(0, -2) ?? null) : whole;
}
