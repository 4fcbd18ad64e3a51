/** JSON Schema (2020-12), as far as the OpenAPI document needs it. */
import type { JsonObject } from '../../events/json.js';

export type Schema = JsonObject;

/** An object of these members and no others; those of `optional` may be missing. */
export function object(
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

export const list = (items: Schema): Schema => ({ type: 'array', items });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const oneOf = (...options: readonly string[]): Schema => ({ type: 'string', enum: options });

export const string: Schema = { type: 'string' };
export const boolean: Schema = { type: 'boolean' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const time: Schema = { type: 'string', format: 'date-time' };
export const anything: Schema = {};
export const anyObject: Schema = { type: 'object' };

/** The id of a turn or session: Temporal's workflow id, without what cannot stand in a path or a log line. */
export const id: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 1000,
  pattern: String.raw`^(?!\.\.?$)[^\p{Cc}\p{Cs}]+$`,
};

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text for a line: no control characters, and not spaces alone. */
export const LINE = String.raw`^[^\p{Cc}\p{Cs}]*[^\p{Cc}\p{Cs}\s][^\p{Cc}\p{Cs}]*$`;
