/**
 * Connects to an MCP server with the official SDK. It is an optional peer: loaded here, and only when a server
 * is named by its address or command.
 */
import { ConfigurationError } from './configuration-error.js';
import type { McpClient } from './mcp-client.js';

/** Where an MCP server is: exactly one of the three. */
export type McpServer =
  /** Streamable HTTP. `headers` go with every request: an authorization, say. */
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  /** A process of its own, which speaks over stdin and stdout. `env`: beside the SDK's safe few. */
  | {
      readonly command: string;
      readonly args?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
    }
  /** Makes a connected client of the official SDK. Called again when a connection was lost. */
  | { readonly connect: () => Promise<McpClient> };

/** The members of McpServer, for the check of unknown options. */
export const SERVER_OPTIONS = {
  url: true,
  headers: true,
  command: true,
  args: true,
  env: true,
  connect: true,
} as const;

const CLIENT = { name: 'durable-turns', version: '1' };

export function connectorOf(server: McpServer, wrong: (message: string) => never): () => Promise<McpClient> {
  const named = ['url', 'command', 'connect'].filter((key) => key in server);
  if (named.length !== 1) wrong('say one of url, command and connect');
  if ('connect' in server) return server.connect;
  if ('url' in server) {
    if (!URL.canParse(server.url)) wrong(`url ${JSON.stringify(server.url)} is no URL`);
    return () => overHttp(new URL(server.url), server.headers ?? {});
  }
  return () => overStdio(server.command, server.args ?? [], server.env ?? {});
}

async function overHttp(url: URL, headers: Readonly<Record<string, string>>): Promise<McpClient> {
  const { Client } = await sdk(() => import('@modelcontextprotocol/sdk/client/index.js'));
  const { StreamableHTTPClientTransport } = await sdk(
    () => import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
  );
  const client = new Client(CLIENT);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { ...headers } } }));
  return client;
}

async function overStdio(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<McpClient> {
  const { Client } = await sdk(() => import('@modelcontextprotocol/sdk/client/index.js'));
  const { getDefaultEnvironment, StdioClientTransport } = await sdk(
    () => import('@modelcontextprotocol/sdk/client/stdio.js'),
  );
  const client = new Client(CLIENT);
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
  });
  await client.connect(transport);
  return client;
}

async function sdk<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    throw new ConfigurationError('mcpTools needs @modelcontextprotocol/sdk for url and command: install it', {
      cause: thrown,
    });
  }
}
