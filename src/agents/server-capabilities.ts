/**
 * What Responses servers can do, in one table. The server is told by its address, or by the agent's `server`;
 * one that nobody knows counts as one that can do everything: it will say itself what it cannot.
 */

/** Each flag was seen on the wire or in the server's code. */
export interface ServerCapabilities {
  /** A request can go on from a stored response, by `previous_response_id`. */
  readonly previousResponseId: boolean;
  /** Has the Conversations API. */
  readonly conversations: boolean;
  /** The model sees items that are added to a conversation without a request. */
  readonly seesAddedItems: boolean;
  /** Shows its model outputs before the messages that come after them in one request. */
  readonly keepsInputOrder: boolean;
  /** Takes `background: true`: a response then outlives its connection. */
  readonly background: boolean;
  /** A background response can be streamed again, from any sequence number on. */
  readonly streamResume: boolean;
  /** Keeps responses, so that they can be retrieved. */
  readonly store: boolean;
  /** Gives reasoning as `encrypted_content`, for stateless turns. */
  readonly encryptedReasoning: boolean;
  /** Calls of custom tools are of tools that the server runs itself. */
  readonly customToolsAreServerSide: boolean;
  /** Call ids are unique within a response only: successive responses repeat them. */
  readonly callIdsPerResponse: boolean;
  /** Refuses items with a `status` when they are sent again. */
  readonly stripStatusOnReplay: boolean;
  /** Refuses function calls with other items of the assistant between or after them. */
  readonly forbidsInterleavedCalls: boolean;
}

const OPENAI: ServerCapabilities = {
  previousResponseId: true,
  conversations: true,
  seesAddedItems: true,
  keepsInputOrder: true,
  background: true,
  streamResume: true,
  store: true,
  encryptedReasoning: true,
  customToolsAreServerSide: false,
  callIdsPerResponse: false,
  stripStatusOnReplay: false,
  forbidsInterleavedCalls: false,
};

/** Every flag, as a key. */
export const SERVER_FLAGS: object = OPENAI;

/** It will say itself what it cannot; but what its model is shown, no server says. */
const UNKNOWN: ServerCapabilities = { ...OPENAI, seesAddedItems: false, keepsInputOrder: false };

/** A server that keeps nothing: every request says everything. */
const STATELESS: ServerCapabilities = {
  ...OPENAI,
  previousResponseId: false,
  conversations: false,
  seesAddedItems: false,
  background: false,
  streamResume: false,
  store: false,
};

const CAPABILITIES = {
  openai: OPENAI,
  azure: OPENAI,
  // Its model is shown what requests brought, whatever the list of items says.
  ogx: {
    ...OPENAI,
    seesAddedItems: false,
    keepsInputOrder: false,
    streamResume: false,
    encryptedReasoning: false,
  },
  huggingface: { ...STATELESS, encryptedReasoning: false },
  xai: {
    ...OPENAI,
    conversations: false,
    seesAddedItems: false,
    background: false,
    streamResume: false,
    customToolsAreServerSide: true,
  },
  lm_studio: {
    ...OPENAI,
    conversations: false,
    seesAddedItems: false,
    background: false,
    streamResume: false,
    encryptedReasoning: false,
  },
  deepseek: { ...STATELESS, encryptedReasoning: false, forbidsInterleavedCalls: true },
  bedrock: {
    ...OPENAI,
    conversations: false,
    seesAddedItems: false,
    background: false,
    streamResume: false,
    callIdsPerResponse: true,
  },
  openrouter: STATELESS,
  github_copilot: STATELESS,
  // Older versions refuse a function call whose status is set.
  vllm: { ...STATELESS, encryptedReasoning: false, stripStatusOnReplay: true },
} as const satisfies Record<string, ServerCapabilities>;

/** Servers that are known by name. */
export type ModelServer = keyof typeof CAPABILITIES;

/** Hosts by their end, as far as they tell the server. */
const HOSTS: readonly (readonly [string, ModelServer])[] = [
  ['api.openai.com', 'openai'],
  ['.openai.azure.com', 'azure'],
  ['.services.ai.azure.com', 'azure'],
  ['.cognitiveservices.azure.com', 'azure'],
  ['router.huggingface.co', 'huggingface'],
  ['api.x.ai', 'xai'],
  ['api.deepseek.com', 'deepseek'],
  ['.amazonaws.com', 'bedrock'],
  ['.api.aws', 'bedrock'],
  ['openrouter.ai', 'openrouter'],
  ['.githubcopilot.com', 'github_copilot'],
];

/** The server at a base URL; undefined when the address does not tell, as with most local ones. */
export function serverAt(baseURL: string | undefined): ModelServer | undefined {
  if (baseURL === undefined || !URL.canParse(baseURL)) return undefined;
  const { hostname } = new URL(baseURL);
  return HOSTS.find(([end]) => hostname === end || (end.startsWith('.') && hostname.endsWith(end)))?.[1];
}

/** What the server can do: by its configured name, by flags that are set one by one, else by its address. */
export function capabilitiesOf(
  configured: ModelServer | Partial<ServerCapabilities> | undefined,
  baseURL: string | undefined,
): ServerCapabilities {
  if (typeof configured === 'string') return CAPABILITIES[configured];
  const server = serverAt(baseURL);
  return { ...(server ? CAPABILITIES[server] : UNKNOWN), ...configured };
}

/** Whether a value names a server of the table. */
export function isModelServer(name: string): name is ModelServer {
  return Object.hasOwn(CAPABILITIES, name);
}

/** Whether an agent's own word on its server allows it; an address says more, once there is one. */
export function mayRunInBackground(
  configured: ModelServer | Partial<ServerCapabilities> | undefined,
): boolean {
  return capabilitiesOf(configured, undefined).background;
}
