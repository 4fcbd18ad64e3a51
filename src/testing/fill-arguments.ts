/** Fills the JSON schema of a function's parameters from a prompt, so that any tool can be called. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { listOf, numberOf, objectOf, objectsOf, stringsOf } from './wire.js';

export interface FillSource {
  readonly prompt: string;
  /** A place that the prompt names. */
  readonly place: string | undefined;
  /** The best sentence of a search before the call. */
  readonly finding: string | undefined;
}

/** Values for the required properties; every property counts as required when the schema names none. */
export function fillArguments(schema: JsonObject, source: FillSource): JsonObject {
  const pool: Pool = {
    quoted: [...source.prompt.matchAll(/["“]([^"”]+)["”]|(?<!\w)'([^']+)'(?!\w)/g)].map(
      ([, a, b]) => a ?? b ?? '',
    ),
    numbers: (source.prompt.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number),
  };
  return fillObject(schema, source, pool);
}

/** Where the prompt asks about: `the weather in Paris and Rome` names two places. */
export function placesOf(prompt: string): string[] {
  const named =
    /\b(?:in|for|at|between)\s+((?:\p{Lu}[\w.-]*,?\s*)+(?:(?:and|or)\s+(?:\p{Lu}[\w.-]*\s*)+)?)/u.exec(
      prompt,
    );
  const places = named?.[1]?.split(/\s+(?:and|or)\s+|,\s*/) ?? [];
  return places.map((place) => place.trim().replace(/[.,?!]+$/, '')).filter((place) => place !== '');
}

/** What the prompt offers; a value that is used once is not used again. */
interface Pool {
  readonly quoted: string[];
  readonly numbers: number[];
}

function fillObject(schema: JsonObject, source: FillSource, pool: Pool): JsonObject {
  const properties = objectOf(schema['properties']);
  const required = schema['required'] === undefined ? Object.keys(properties) : stringsOf(schema['required']);
  return Object.fromEntries(
    required.map((name) => [name, fillValue(name, objectOf(properties[name]), source, pool)]),
  );
}

function fillValue(name: string, schema: JsonObject, source: FillSource, pool: Pool): JsonValue {
  if (schema['const'] !== undefined) return schema['const'];
  const choices = listOf(schema['enum']);
  if (choices.length > 0) return chosen(choices, source.prompt);
  const variant = objectsOf(schema['anyOf'] ?? schema['oneOf'])[0];
  if (variant) return fillValue(name, variant, source, pool);
  const type = Array.isArray(schema['type']) ? listOf(schema['type'])[0] : schema['type'];
  switch (type) {
    case 'integer':
      return Math.trunc(pool.numbers.shift() ?? numberOf(schema['minimum']) ?? 0);
    case 'number':
      return pool.numbers.shift() ?? numberOf(schema['minimum']) ?? 0;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return [fillValue(name, objectOf(schema['items']), source, pool)];
    case 'object':
      return fillObject(schema, source, pool);
    default:
      return fillString(name, source, pool);
  }
}

function fillString(name: string, { prompt, place, finding }: FillSource, pool: Pool): string {
  if (/locat|city|place|town/i.test(name)) return place ?? 'Paris';
  if (/quer|question|input|prompt/i.test(name)) return prompt;
  const quoted = pool.quoted.shift();
  if (quoted !== undefined) return quoted;
  if (/text|note|content|summary|message|body/i.test(name)) return finding ?? prompt;
  const identifier = /\b[A-Za-z_]+[_-]?\d\w*\b/.exec(prompt)?.[0];
  return identifier ?? /\b(?:for|of|named|called|user)\s+([\w-]+)/i.exec(prompt)?.[1] ?? prompt;
}

function chosen(choices: readonly JsonValue[], prompt: string): JsonValue {
  const asked = prompt.toLowerCase();
  return choices.find((choice) => asked.includes(String(choice).toLowerCase())) ?? choices[0] ?? null;
}
