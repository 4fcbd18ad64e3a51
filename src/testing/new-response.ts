/** The response object before anything has happened in it. */
import type { JsonObject } from '../events/json.js';
import type { Prepared } from './prepare.js';
import { newId, unixSeconds } from './wire.js';

/** A response that has just begun, with the settings of its request. */
export function begun({ body, model, conversation, previousId, store, background }: Prepared): JsonObject {
  return {
    id: newId('resp'),
    object: 'response',
    created_at: unixSeconds(),
    status: background ? 'queued' : 'in_progress',
    background,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: body['max_tool_calls'] ?? null,
    model,
    output: [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: previousId ?? null,
    ...(conversation !== undefined && { conversation: { id: conversation } }),
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: body['reasoning'] ?? { effort: null, summary: null },
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: 'default',
    store,
    temperature: body['temperature'] ?? 1,
    text: body['text'] ?? { format: { type: 'text' } },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: null,
    user: null,
    metadata: body['metadata'] ?? {},
  };
}
