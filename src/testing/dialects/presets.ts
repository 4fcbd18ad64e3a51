/**
 * Servers by name. "Recorded" and "replayed" (a real server's code over a recorded model) are meant as seen;
 * the rest is marked as a guess.
 */
import type { Dialect } from './dialect.js';

/** Servers whose wire is known. */
export type DialectName =
  'openai' | 'ogx' | 'huggingface' | 'lmstudio' | 'bedrock' | 'openrouter' | 'copilot' | 'vllm';

/** A server by name, or single differences from OpenAI, or from the server that `like` names. */
export type DialectOption = DialectName | ({ readonly like?: DialectName } & Partial<Dialect>);

const OPENAI: Dialect = {
  eventLines: true,
  doneMarker: false,
  keepalive: 'none',
  keepaliveMs: 1000,
  sequenceNumbers: 'contiguous',
  ids: 'stable',
  outputIndexes: 'own',
  responseIds: false,
  textDone: true,
  annotationEvents: true,
  argumentDeltas: true,
  hostedArguments: 'after_added',
  callIds: 'unique',
  searchResults: 'when_included',
  errors: 'nested',
  refusals: 'status',
  store: true,
  previousResponse: 'kept',
  unknownPreviousStatus: 400,
  conversations: 'kept',
  inputOrder: 'kept',
  addedItems: 'seen',
  background: 'stream',
};

const presets: Readonly<Record<DialectName, Partial<Dialect>>> = {
  openai: {},
  /**
   * OGX, once Llama Stack; replayed. Not imitated: the order reasoning, message in the final output, messages
   * before a call that are never done, and `mcp_list_tools`, which no step of a reply makes.
   * That background with a stream is refused was seen; that the refusal is one event as well is a guess.
   */
  ogx: {
    eventLines: false,
    sequenceNumbers: 'gaps',
    outputIndexes: 'shared',
    responseIds: true,
    textDone: false,
    annotationEvents: false,
    hostedArguments: 'first',
    searchResults: 'always',
    errors: 'flat',
    refusals: 'event',
    unknownPreviousStatus: 404,
    inputOrder: 'outputs_last',
    addedItems: 'unseen',
    background: 'poll',
  },
  /** responses.js of Hugging Face; replayed, its validation read: it drops what it does not know. */
  huggingface: {
    eventLines: false,
    outputIndexes: 'added_at_zero',
    store: false,
    previousResponse: 'ignored',
    conversations: 'ignored',
    background: 'ignored',
  },
  /** Recorded. That it has neither conversations nor background is a guess. */
  lmstudio: { argumentDeltas: false, conversations: 'ignored', background: 'refused' },
  /** Bedrock Mantle; recorded. It echoes `store: true`; that it has no background is a guess. */
  bedrock: { callIds: 'per_response', background: 'refused' },
  /** Recorded. It echoes `store: false`; how it refuses what it does not keep is a guess. */
  openrouter: {
    eventLines: false,
    doneMarker: true,
    keepalive: 'comment',
    ids: 'other_at_end',
    store: false,
    conversations: 'ignored',
    background: 'refused',
  },
  /** GitHub Copilot; recorded. It echoes `store: false`; how it refuses what it does not keep is a guess. */
  copilot: { ids: 'rotating', store: false, conversations: 'ignored', background: 'refused' },
  /** vLLM as it starts by default, without its store; its source read, its streams never seen. */
  vllm: { store: false, unknownPreviousStatus: 404, conversations: 'ignored', background: 'refused' },
};

/** The flags of a server, with those that are given on top. */
export function dialectOf(option: DialectOption = 'openai'): Dialect {
  if (typeof option === 'string') return { ...OPENAI, ...presets[option] };
  const { like = 'openai', ...flags } = option;
  return { ...OPENAI, ...presets[like], ...flags };
}
