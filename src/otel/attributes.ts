/**
 * Attributes by the OpenTelemetry GenAI semantic conventions, which are still in development: the names stand
 * here and nowhere else. `durable_turns.*` is what the conventions have no name for.
 */
import type { Attributes } from '@opentelemetry/api';
import type { TracedAnswer, TracedCall, TracedRequest } from '../activities/telemetry.js';
import type { Usage } from '../events/turn-event.js';

export const OPERATION = 'gen_ai.operation.name';
export const PROVIDER = 'gen_ai.provider.name';
export const AGENT = 'gen_ai.agent.name';
export const CONVERSATION = 'gen_ai.conversation.id';
export const ERROR_TYPE = 'error.type';
export const FIRST_CHUNK = 'gen_ai.response.time_to_first_chunk';

/** The API's flavour, as the conventions ask; whose server it is, `server.address` tells. */
export const OPENAI = 'openai';

/** Members of a request that are numbers, by their attribute. */
const SETTINGS: Readonly<Record<string, string>> = {
  temperature: 'gen_ai.request.temperature',
  top_p: 'gen_ai.request.top_p',
  max_output_tokens: 'gen_ai.request.max_tokens',
};

export function requestAttributes(request: TracedRequest): Attributes {
  const { agent, model, conversation, response, attempt, baseUrl, settings } = request;
  return {
    [OPERATION]: 'chat',
    [PROVIDER]: OPENAI,
    'openai.api.type': 'responses',
    'gen_ai.request.model': model,
    'gen_ai.request.stream': true,
    [AGENT]: agent,
    ...(conversation === undefined ? {} : { [CONVERSATION]: conversation }),
    ...numbersOf(settings),
    ...addressOf(baseUrl),
    'durable_turns.response': response,
    'durable_turns.attempt': attempt,
  };
}

export function answerAttributes({ response_id, model, stop_reason, usage }: TracedAnswer): Attributes {
  return {
    ...(response_id === undefined ? {} : { 'gen_ai.response.id': response_id }),
    'gen_ai.response.model': model,
    'gen_ai.response.finish_reasons': [stop_reason],
    ...usageAttributes(usage),
  };
}

export function usageAttributes(usage: Usage | undefined): Attributes {
  if (!usage) return {};
  const { input_tokens, output_tokens, input_tokens_details, output_tokens_details } = usage;
  return {
    'gen_ai.usage.input_tokens': input_tokens,
    'gen_ai.usage.output_tokens': output_tokens,
    ...(input_tokens_details
      ? { 'gen_ai.usage.cache_read.input_tokens': input_tokens_details.cached_tokens }
      : {}),
    ...(output_tokens_details
      ? { 'gen_ai.usage.reasoning.output_tokens': output_tokens_details.reasoning_tokens }
      : {}),
  };
}

export function toolAttributes({ agent, tool, callId, attempt }: TracedCall): Attributes {
  return {
    [OPERATION]: 'execute_tool',
    'gen_ai.tool.name': tool,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': callId,
    [AGENT]: agent,
    'durable_turns.attempt': attempt,
  };
}

function numbersOf(settings: Readonly<Record<string, unknown>>): Attributes {
  const found = Object.entries(SETTINGS).flatMap(([member, name]) => {
    const value = settings[member];
    return typeof value === 'number' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(found);
}

/** Host and port only: a base URL can carry a user name and a password. */
function addressOf(baseUrl: string | undefined): Attributes {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return {};
  const { hostname, port, protocol } = new URL(baseUrl);
  return { 'server.address': hostname, 'server.port': Number(port) || (protocol === 'https:' ? 443 : 80) };
}
