/** What a response repeats of its request. Pure. */
import type { JsonObject, JsonValue } from '../../events/json.js';
import { isObject } from './parameter-types.js';

/** Parameters of a request that are echoed, with what stands for those that were not sent. */
export const ECHOED = {
  frequency_penalty: 0,
  max_output_tokens: null,
  max_tool_calls: null,
  parallel_tool_calls: true,
  presence_penalty: 0,
  prompt_cache_key: null,
  reasoning: null,
  safety_identifier: null,
  service_tier: 'default',
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  user: null,
} as const satisfies JsonObject;

export type Echo = { readonly [K in keyof typeof ECHOED]: JsonValue };

export function echoOf(request: JsonObject): Echo {
  const sent = Object.entries(request).filter(([name]) => Object.hasOwn(ECHOED, name));
  const echo: Echo = { ...ECHOED, ...Object.fromEntries(sent) };
  return { ...echo, text: textOf(echo.text), reasoning: reasoningOf(echo.reasoning) };
}

/** Who may read a response is not always who may use the tools that it was made with. */
export function withoutSecrets({
  authorization: _authorization,
  headers: _headers,
  ...tool
}: JsonObject): JsonObject {
  return tool;
}

/** A request may leave out what the specification requires of a response. */
function textOf(text: JsonValue): JsonValue {
  if (!isObject(text)) return text;
  const format = text['format'] ?? ECHOED.text.format;
  const isSchema = isObject(format) && format['type'] === 'json_schema';
  return { ...text, format: isSchema ? { description: null, strict: false, ...format } : format };
}

function reasoningOf(reasoning: JsonValue): JsonValue {
  return isObject(reasoning) ? { effort: null, summary: null, ...reasoning } : reasoning;
}
