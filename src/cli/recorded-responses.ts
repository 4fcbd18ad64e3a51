/**
 * The responses of a turn in its recordings. Mostly a file is a response; a file can also hold several, one
 * after another, or go on with the response of the file before, as a resumed stream does.
 */
import type { JsonObject } from '../events/index.js';

export interface RecordedResponse {
  readonly id: string | undefined;
  readonly events: readonly JsonObject[];
}

export function recordedResponses(
  recordings: readonly (readonly JsonObject[])[],
): readonly RecordedResponse[] {
  const responses: RecordedResponse[] = [];
  for (const recording of recordings) {
    for (const { id, events } of split(recording)) {
      const before = responses.at(-1);
      if (before?.id !== undefined && before.id === id)
        responses[responses.length - 1] = { id, events: [...before.events, ...events] };
      else responses.push({ id, events });
    }
  }
  return responses;
}

/** Every `response.created` begins a response. */
function split(recording: readonly JsonObject[]): readonly RecordedResponse[] {
  const parts: JsonObject[][] = [];
  for (const event of recording) {
    const current = parts.at(-1);
    if (!current || event['type'] === 'response.created') parts.push([event]);
    else current.push(event);
  }
  return parts.map((events) => ({ id: idOf(events), events }));
}

function idOf(events: readonly JsonObject[]): string | undefined {
  return events.map((event) => responseOf(event)['id']).find((id) => typeof id === 'string');
}

/** The response object that an event carries, or an empty one. */
export function responseOf(event: JsonObject): JsonObject {
  const response = event['response'];
  const isObject = typeof response === 'object' && response !== null && !Array.isArray(response);
  return isObject ? (response as JsonObject) : {};
}
