/** A script decides what each `POST /v1/responses` is answered with, by the request. */
import type { JsonObject } from '../events/json.js';
import type { Reply } from './reply-step.js';
import type { SearchHit } from './search.js';
import type { Item } from './wire.js';

/** The output of a function, as the client has sent it. */
export interface ToolOutput {
  readonly call_id: string;
  /** Of the call that it answers. */
  readonly name: string;
  readonly output: string;
}

/** What a script knows of a request. */
export interface ScriptRequest {
  /** Counts the requests that reached the script of this server, from 1. */
  readonly n: number;
  /** As it came. */
  readonly body: JsonObject;
  /** All items that the model sees, oldest first: those of the chain or conversation, then the request's own. */
  readonly input: readonly Item[];
  /** The last user text. */
  readonly prompt: string;
  /** Outputs since the last user message. */
  readonly outputs: readonly ToolOutput[];
  /**
   * Counts the requests of this turn, from 1, repeated ones too. A turn is told by its conversation or chain and
   * its last user text; without either by its user texts alone, so give turns side by side different texts.
   */
  readonly turnRequest: number;
  /** Counts the requests with the same input on the same chain or conversation, from 1: 2 is a second try. */
  readonly attempt: number;
  /** Searches the vector stores of the request's `file_search` tool; no hits without one. */
  search(query: string): readonly SearchHit[];
}

/** Undefined: "not mine, ask the next script". */
export type Script = (request: ScriptRequest) => Reply | undefined | Promise<Reply | undefined>;

/** An entry of a list: a reply, or what makes one when its turn has come. */
export type ScriptEntry = Reply | Script;

/** A part of the last user text, an expression on it, or a rule. */
export type RequestMatcher = string | RegExp | ((request: ScriptRequest) => boolean);

/** One entry per request, in the order in which the requests come; undefined after the last. */
export function script(entries: readonly ScriptEntry[]): Script {
  let next = 0;
  return (request) => play(entries[next++], request);
}

/** One entry per request of each turn, so that many turns can run side by side; undefined after the last. */
export function eachTurn(entries: readonly ScriptEntry[]): Script {
  return (request) => play(entries[request.turnRequest - 1], request);
}

/** `then` for requests that match: a part of the prompt, an expression on it, or a rule. */
export function when(matcher: RequestMatcher, then: ScriptEntry): Script {
  return (request) => (matches(matcher, request) ? play(then, request) : undefined);
}

/** The first script that has an answer. */
export function firstOf(...scripts: readonly Script[]): Script {
  return async (request) => {
    for (const candidate of scripts) {
      const found = await candidate(request);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function play(entry: ScriptEntry | undefined, request: ScriptRequest): ReturnType<Script> {
  return typeof entry === 'function' ? entry(request) : entry;
}

function matches(matcher: RequestMatcher, request: ScriptRequest): boolean {
  if (typeof matcher === 'function') return matcher(request);
  if (typeof matcher === 'string') return request.prompt.includes(matcher);
  return new RegExp(matcher.source, matcher.flags.replace(/[gy]/g, '')).test(request.prompt);
}
