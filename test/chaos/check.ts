// Whether everything that a turn left behind agrees: its end, the model's side, the ledger, the conversation.

import { readdirSync } from 'node:fs';
import OpenAI from 'openai';
import type { RequestEntry } from '../../src/testing/index.js';
import { CALLS, promptOf, requestOf } from './script.js';
import type { Kind } from './script.js';
import type { Stage } from './stage.js';
import type { Seen } from './watching.js';

export interface ChaosTurn {
  readonly turnId: string;
  readonly kind: Kind;
  readonly conversation?: string;
}

/** What the world outside has of all turns. */
export interface World {
  readonly ledger: readonly string[];
  /** Turns of which an activity may have been reset: its attempts then count from 1 again. */
  readonly resets: ReadonlySet<string>;
  /** Of the model, by turn. */
  readonly requests: ReadonlyMap<string, readonly RequestEntry[]>;
  readonly openai: OpenAI;
}

export function worldOf({ dir, model, resets }: Stage, turns: readonly ChaosTurn[]): World {
  const ledger = readdirSync(dir)
    .filter((name) => name.startsWith('entry-'))
    .map((name) => decodeURIComponent(name.slice('entry-'.length)));
  const openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  return { ledger, resets, requests: byTurn(turns, model.modelRequests), openai };
}

/** A request names its turn in its prompt, or by the response or conversation that it goes on from. */
function byTurn(
  turns: readonly ChaosTurn[],
  requests: readonly RequestEntry[],
): ReadonlyMap<string, readonly RequestEntry[]> {
  const known = new Map<unknown, string>();
  for (const { turnId, kind, conversation } of turns) {
    known.set(promptOf(turnId, kind), turnId);
    if (conversation !== undefined) known.set(conversation, turnId);
  }
  const found = new Map<string, RequestEntry[]>();
  for (const request of requests) {
    const { input, conversation, previous_response_id } = request.body ?? {};
    const prompt = /s\d+-\d+-\d+ \w+/.exec(JSON.stringify(input))?.[0];
    const turnId = known.get(previous_response_id) ?? known.get(conversation) ?? known.get(prompt);
    if (turnId === undefined) throw new Error(`Nobody's request: ${JSON.stringify(request.body)}`);
    found.set(turnId, [...(found.get(turnId) ?? []), request]);
    if (request.response_id !== undefined) known.set(request.response_id, turnId);
  }
  return found;
}

/** What is wrong with a turn, and what it asked the model; empty if nothing is. */
export async function wrongWith(turn: ChaosTurn, seen: Seen, world: World): Promise<readonly string[]> {
  const problems = await problemsOf(turn, seen, world);
  if (problems.length === 0) return [];
  const requests = (world.requests.get(turn.turnId) ?? []).map(
    ({ n, at, status, sent_events, client_closed, client_closed_at, response_id }) =>
      `request ${n} at ${at}: status ${status}, ${sent_events} events, ${response_id}` +
      (client_closed ? `, client left at ${client_closed_at}` : ''),
  );
  return [...problems, ...requests];
}

async function problemsOf(turn: ChaosTurn, seen: Seen, world: World): Promise<readonly string[]> {
  const { turnId, kind } = turn;
  const problems = [...seen.problems];
  const check = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const requests = world.requests.get(turnId) ?? [];
  const { end, attempts } = seen;
  if (kind === 'cancelled' && end?.type === 'turn_cancelled') return problems;
  if (end?.type !== 'turn_completed') return [...problems, `it ended as ${JSON.stringify(end)}`];

  const wasReset = world.resets.has(turnId);
  const { startedAgain = [] } = seen;
  check(wasReset || startedAgain.length === 0, `steps started again: ${startedAgain.join()}`);
  // An attempt may end before it has asked. What Temporal counts in a turn that was cancelled is not the whole.
  check(wasReset || requests.length <= attempts, `${requests.length} requests in ${attempts} attempts`);
  const { response_ids: responses, final_text: text } = end;
  const made = requests.map(({ response_id }) => response_id);
  const request = requestOf(turnId, text);
  check(request !== undefined, `its final text is not one whole answer: ${text}`);
  // An answer that was adopted from a conversation comes without its response's id.
  const adopted = (CALLS[kind] > 0 ? 2 : 1) - responses.length;
  check(
    adopted === 0 || (adopted > 0 && kind === 'conversation'),
    `it took the responses ${responses.join(' ')}`,
  );
  check(
    responses.every((id) => made.includes(id)),
    `its responses ${responses.join(' ')} were not made for it: ${made.join(' ')}`,
  );
  const paid = world.ledger.filter((key) => key.startsWith(`${turnId}/`)).toSorted();
  const dueOf = (response: string): string =>
    Array.from({ length: CALLS[kind] }, (_, call) => `${turnId}/${response}/${call}`).join();
  const due = [responses[0] ?? '', ...(adopted > 0 ? ['1'] : [])].map(dueOf);
  check(due.includes(paid.join()), `the ledger has ${paid.join()} in place of ${due.join(' or ')}`);
  if (turn.conversation !== undefined)
    problems.push(...(await wrongItems(world.openai, turn.conversation, promptOf(turnId, kind), text)));
  return problems;
}

/** The user's message, each call with its output, and the answer: each of them once, and nothing else. */
async function wrongItems(
  openai: OpenAI,
  conversation: string,
  prompt: string,
  text: string,
): Promise<string[]> {
  const items: string[] = [];
  for await (const item of openai.conversations.items.list(conversation, { order: 'asc' })) {
    if (item.type === 'message') items.push(`${item.role}: ${item.content.map(textOf).join('')}`);
    else if ('call_id' in item) items.push(`${item.type} ${item.call_id}`);
    else items.push(item.type);
  }
  const callIds = items.flatMap((item) => /^function_call (.*)$/.exec(item)?.[1] ?? []);
  const [said] = items.filter((item) => /^assistant: .*\.calls$/.test(item));
  const expected = [
    `user: ${prompt}`,
    ...(said === undefined ? [] : [said]),
    ...callIds.flatMap((id) => [`function_call ${id}`, `function_call_output ${id}`]),
    `assistant: ${text}`,
  ];
  const agree = items.toSorted().join('\n') === expected.toSorted().join('\n');
  return agree && new Set(callIds).size === CALLS.conversation
    ? []
    : [`the conversation holds\n${items.join('\n')}`];
}

const textOf = (part: object): string => ('text' in part ? String(part.text) : '');
