/** Recorded turns as a scripted server and an agent play them: what the tools return is what was recorded. */
import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../src/events.js';
import { builtinTool, defineTool } from '../../src/index.js';
import { objectOf, objectsOf, textOf } from '../../src/synthesizer/json-reader.js';
import type { RecordedStream, RecordedTurn } from './fixtures.js';

/** Items of a response that wait for an answer of the client. */
const OPEN: ReadonlySet<string> = new Set([
  'function_call',
  'mcp_approval_request',
  'shell_call',
  'tool_search_call',
]);

/** What the client's tool search finds. */
export const FOUND = {
  type: 'function',
  name: 'get_exchange_rate',
  parameters: { type: 'object', properties: {}, additionalProperties: true },
  strict: false,
} as const;

/**
 * A stream that does not begin with `response.created` is the response before, read once more: what was said
 * in it is the same, and a turn that lost nothing never asks for it.
 */
export function withoutRereads(recorded: RecordedTurn): RecordedTurn {
  const streams = recorded.streams.filter(({ events }) => events[0]?.['type'] === 'response.created');
  return { ...recorded, streams };
}

/** What the recorded client answered each call with. */
export function returnedIn(recorded: RecordedTurn): (callId: string) => JsonValue {
  const seen = new Map(
    recorded.outputs
      .flatMap((items) => items ?? [])
      .map((item) => [textOf(item['call_id']), item['output'] ?? null] as const),
  );
  return (callId) => seen.get(callId) ?? `The output of ${callId}.`;
}

const BUILTINS = [
  builtinTool('shell', {
    execute: ({ commands }) =>
      commands.map(() => ({ stdout: 'a file', stderr: '', outcome: { type: 'exit', exit_code: 0 } })),
  }),
  builtinTool('tool_search', { execute: () => [FOUND] }),
];

/** The tools that the recorded responses call, and two that are built in. */
export function recordedTools(recorded: RecordedTurn) {
  const returned = returnedIn(recorded);
  const names = new Set(recorded.streams.flatMap(callsOf).map((call) => textOf(call['name'])));
  const tools = [...names].map((name) =>
    defineTool({
      name,
      // Recordings have tools of one name that return other things.
      activityName: `${recorded.name}: ${name}`,
      parameters: z.looseObject({}),
      execute: (_args, { callId }) => returned(callId),
    }),
  );
  return [...tools, ...BUILTINS];
}

/** A response whose request was recorded and brought no outputs answers the next message of the user. */
export function userTurnsOf({ streams, outputs }: RecordedTurn): readonly (readonly RecordedStream[])[] {
  const turns: RecordedStream[][] = [];
  for (const [index, stream] of streams.entries()) {
    if (index === 0 || outputs[index - 1]?.length === 0) turns.push([stream]);
    else turns.at(-1)?.push(stream);
  }
  return turns;
}

export function finalText(stream: RecordedStream | undefined): string {
  const messages = outputOf(stream).filter(({ type }) => type === 'message');
  const answers = messages.filter(({ phase }) => phase === 'final_answer');
  return (answers.length > 0 ? answers : messages)
    .flatMap(({ content }) => objectsOf(content))
    .map(({ text }) => textOf(text))
    .join('');
}

export const isTyped = (event: JsonObject): event is JsonObject & { type: string } =>
  typeof event['type'] === 'string';

const callsOf = (stream: RecordedStream): readonly JsonObject[] =>
  openIn(stream).filter(({ type }) => type === 'function_call');

/** What the next request has to answer. */
export const openIn = (stream: RecordedStream): readonly JsonObject[] =>
  outputOf(stream).filter(
    ({ type, execution }) =>
      OPEN.has(String(type)) && (type !== 'tool_search_call' || execution === 'client'),
  );

export const outputOf = (stream: RecordedStream | undefined): readonly JsonObject[] =>
  objectsOf(terminal(stream)['output']);

export function terminal(stream: RecordedStream | undefined): JsonObject {
  return objectOf(stream?.events.at(-1)?.['response']) ?? {};
}
