/** What the parameters of a request must be, as far as every server agrees: what else they may say the model's knows. */
import type { JsonObject, JsonValue } from '../../events/json.js';

interface Kind {
  readonly words: string;
  readonly fits: (value: JsonValue) => boolean;
}

const text: Kind = { words: 'a string', fits: (value) => typeof value === 'string' };
const flag: Kind = { words: 'true or false', fits: (value) => typeof value === 'boolean' };
const number: Kind = { words: 'a number', fits: (value) => typeof value === 'number' };
const object: Kind = { words: 'an object', fits: isObject };
const textOrObject: Kind = {
  words: 'a string or an object',
  fits: (value) => text.fits(value) || object.fits(value),
};
const texts: Kind = { words: 'a list of strings', fits: (value) => isListOf(value, text.fits) };
const tools: Kind = { words: 'a list of objects with a type', fits: (value) => isListOf(value, hasType) };
const textFormat: Kind = {
  words: 'an object, and its format one with a type',
  fits: (value) => isObject(value) && (value['format'] === undefined || hasType(value['format'])),
};

const KINDS: Readonly<Record<string, Kind>> = {
  background: flag,
  frequency_penalty: number,
  include: texts,
  instructions: text,
  max_output_tokens: integerFrom(1),
  max_tool_calls: integerFrom(1),
  parallel_tool_calls: flag,
  presence_penalty: number,
  previous_response_id: text,
  prompt_cache_key: text,
  prompt_cache_options: object,
  prompt_cache_retention: text,
  reasoning: object,
  safety_identifier: text,
  service_tier: text,
  store: flag,
  stream: flag,
  stream_options: object,
  temperature: number,
  text: textFormat,
  tool_choice: textOrObject,
  tools,
  top_logprobs: integerFrom(0),
  top_p: number,
  truncation: text,
  user: text,
};

/** The first parameter that cannot be right, and what it must be. */
export function wrongParameter(
  body: Readonly<Record<string, JsonValue>>,
): { readonly name: string; readonly words: string } | undefined {
  for (const [name, value] of Object.entries(body)) {
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    if (kind && !kind.fits(value)) return { name, words: kind.words };
  }
  return undefined;
}

function integerFrom(least: number): Kind {
  return {
    words: `an integer of at least ${least}`,
    fits: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= least,
  };
}

export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasType(value: JsonValue): boolean {
  return isObject(value) && typeof value['type'] === 'string';
}

function isListOf(value: JsonValue, fits: (item: JsonValue) => boolean): boolean {
  return Array.isArray(value) && value.every((item: JsonValue) => fits(item));
}
