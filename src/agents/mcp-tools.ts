/** `mcpTools`: the tools of an MCP server that our workers talk to, each call as an activity. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { toldFailure } from '../protocol/told-failure.js';
import { listAll, mcpOutput } from './mcp-client.js';
import type { McpClient, McpProgress, McpToolInfo } from './mcp-client.js';
import { connectorOf, SERVER_OPTIONS } from './mcp-connect.js';
import type { McpServer } from './mcp-connect.js';
import { checkKnown } from './options.js';
import { strictSchema } from './strict-schema.js';
import type { CommonToolOptions, Tool, ToolActivityOptions, ToolContext } from './tool.js';
import {
  ACTIVITY_OPTIONS,
  activitySettings,
  checkName,
  COMMON_OPTIONS,
  commonSettings,
  forgetArguments,
  parseJson,
  wrongTool,
} from './tool-settings.js';

/** Where the server is, and what holds for all of its tools. */
export type McpToolsOptions = McpServer & McpToolSettings;

export interface McpToolSettings extends ToolActivityOptions, CommonToolOptions<JsonObject> {
  /** The tools are named `<name>_<tool>`, for the model and as activities. */
  readonly name: string;
  /** Names of the server's tools that the model may call. Default: all. */
  readonly allow?: readonly string[];
}

/** What `mcpTools` has found at a server. */
export interface McpTools {
  /** For `defineAgent({ tools })`. */
  readonly tools: readonly Tool[];
  /** Ends the connection; call it when the worker has stopped. */
  readonly close: () => Promise<void>;
}

const KNOWN: Readonly<Record<keyof McpToolSettings | keyof typeof SERVER_OPTIONS, true>> = {
  ...SERVER_OPTIONS,
  ...COMMON_OPTIONS,
  ...ACTIVITY_OPTIONS,
  name: true,
  allow: true,
};

/** JSON-RPC errors that come again: no such method or tool, arguments that do not fit. */
const FINAL_CODES: ReadonlySet<unknown> = new Set([-32601, -32602]);
/** The SDK's own code. */
const CONNECTION_CLOSED = -32000;
/** Temporal's timeouts bound a call; the SDK's own would end it after a minute. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Connects and lists the tools, once; then every call is an activity on the worker that has them.
 * @throws ConfigurationError when the options cannot be right; what `connect` and the server throw.
 */
export async function mcpTools(options: McpToolsOptions): Promise<McpTools> {
  const wrong = wrongTool(options.name);
  checkKnown(options, KNOWN, 'mcpTools', wrong);
  checkName(options.name, wrong);
  const connection = new Connection(connectorOf(options, wrong));
  const listed = await listAll(await connection.client());
  const unknown = options.allow?.find((name) => !listed.some((info) => info.name === name));
  if (unknown !== undefined) {
    await connection.close();
    wrong(`the MCP server has no tool named ${unknown}`);
  }
  const allowed = listed.filter(({ name }) => options.allow?.includes(name) ?? true);
  return {
    tools: allowed.map((info) => mcpTool(options, info, connection)),
    close: () => connection.close(),
  };
}

function mcpTool(options: McpToolSettings, info: McpToolInfo, connection: Connection): Tool {
  // MCP allows more characters in a name than the Responses API does.
  const name = `${options.name}_${info.name}`.replaceAll(/[^\w-]/g, '_');
  const wrong = wrongTool(name);
  checkName(name, wrong);
  const { $schema: _dialect, ...schema } = JSON.parse(JSON.stringify(info.inputSchema)) as JsonObject;
  const strict = strictSchema(schema);
  return Object.freeze({
    name,
    toolType: 'function',
    declaration: {
      type: 'function',
      name,
      ...(info.description === undefined ? {} : { description: info.description }),
      parameters: strict ?? schema,
      strict: strict !== undefined,
    },
    parse: parseObject,
    ...commonSettings(options, wrong),
    activityName: name,
    activityOptions: activitySettings(options, { heartbeatTimeout: '10s' }, wrong),
    execute: forgetArguments((args: Record<string, unknown>, context: ToolContext) =>
      callTool(connection, info.name, args, context),
    ),
    foreign: undefined,
  });
}

/** The server checks its own schema, and the model is told what it says. */
async function parseObject(written: string) {
  const json = await parseJson(written);
  if ('problem' in json) return json;
  const isObject = typeof json.value === 'object' && json.value !== null && !Array.isArray(json.value);
  return isObject ? json : { problem: 'they are no JSON object' };
}

async function callTool(
  connection: Connection,
  name: string,
  args: Record<string, unknown>,
  { signal, report, idempotencyKey }: ToolContext,
): Promise<JsonValue> {
  const client = await connection.client();
  const onprogress = ({ progress, total, message }: McpProgress) =>
    report({
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    });
  const params = { name, arguments: args, _meta: { 'durable-turns/idempotency_key': idempotencyKey } };
  let result: unknown;
  try {
    result = await client.callTool(params, undefined, { signal, timeout: NO_TIMEOUT_MS, onprogress });
  } catch (thrown) {
    const { code, message } = Object(thrown) as { code?: unknown; message?: unknown };
    if (FINAL_CODES.has(code)) throw toldFailure('McpError', String(message));
    // An error that the server sent came over a connection that works; otherwise the next attempt makes a new one.
    const isAnswer = typeof code === 'number' && code !== CONNECTION_CLOSED;
    if (!isAnswer && !signal.aborted) connection.drop(client);
    throw thrown;
  }
  const { output, isError } = mcpOutput(result);
  if (!isError) return output;
  throw toldFailure('McpToolError', typeof output === 'string' ? output : JSON.stringify(output));
}

/** One client for all calls of a worker, made anew when it was dropped. */
class Connection {
  readonly #connect: () => Promise<McpClient>;
  #client: Promise<McpClient> | undefined;

  constructor(connect: () => Promise<McpClient>) {
    this.#connect = connect;
  }

  async client(): Promise<McpClient> {
    this.#client ??= this.#connect();
    try {
      return await this.#client;
    } catch (thrown) {
      this.#client = undefined;
      throw thrown;
    }
  }

  drop(client: McpClient): void {
    this.#client = undefined;
    client.close().catch(() => undefined);
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.close();
  }
}
