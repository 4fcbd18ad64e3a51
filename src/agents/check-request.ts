/** What a `request` of an agent or of one turn's overrides may hold: all but what the turn sets itself. Pure. */
import type { ResponseCreateParamsBase } from 'openai/resources/responses/responses';
import type { AgentState } from './define-agent.js';

/** Parameters of the Responses API that a turn sets itself, and where they are said instead. */
const OWNED = {
  model: 'use the option model',
  input: 'pass it to turns.start',
  instructions: 'use the option instructions',
  tools: 'use the option tools',
  stream: 'a turn always streams',
  background: 'use the option background',
  conversation: 'pass it to turns.start, or use state "conversation"',
  previous_response_id: 'pass it to turns.start',
} as const satisfies Partial<Record<keyof ResponseCreateParamsBase, string>>;

export type OwnedParameter = keyof typeof OWNED;

/** The first thing wrong with it, or undefined. */
export function wrongWithRequest(
  request: Readonly<Record<string, unknown>>,
  { state, background = false }: { readonly state: AgentState; readonly background?: boolean | undefined },
  hasOutputType: boolean,
): string | undefined {
  const owned = Object.entries(OWNED).find(([key]) => key in request);
  if (owned) return `request.${owned[0]} is set by the turn: ${owned[1]}`;
  if (request['store'] === false && state === 'previous_response')
    return 'request.store: false leaves no response to go on from: use state "stateless"';
  if (request['store'] === false && background)
    return 'request.store: false keeps no response, and one in the background has to be kept: leave out one of them';
  if (request['store'] === true && state === 'stateless')
    return 'state "stateless" stores nothing: leave out request.store';
  const { format } = Object(request['text']) as { format?: unknown };
  if (hasOutputType && format) return 'outputType and request.text.format say the same thing: keep one';
  return undefined;
}
