/** What we use of a client of the Model Context Protocol; `Client` of @modelcontextprotocol/sdk is one. */
import type { JsonObject } from '../events/json.js';

/** A client of the MCP SDK, as far as it is used. */
export interface McpClient {
  listTools(params?: { cursor: string }): Promise<McpToolPage>;
  callTool(
    params: { name: string; arguments: Record<string, unknown>; _meta: Record<string, unknown> },
    resultSchema: undefined,
    options: McpCallOptions,
  ): Promise<unknown>;
  close(): Promise<void>;
}

interface McpToolPage {
  readonly tools: readonly McpToolInfo[];
  readonly nextCursor?: string | undefined;
}

export interface McpToolInfo {
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema of an object. */
  readonly inputSchema: object;
}

interface McpCallOptions {
  signal: AbortSignal;
  /** Milliseconds. */
  timeout: number;
  onprogress: (progress: McpProgress) => void;
}

export interface McpProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** Asks for every page once. */
export async function listAll(client: McpClient): Promise<readonly McpToolInfo[]> {
  const tools: McpToolInfo[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? undefined : { cursor });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

/** A string, or parts where there is more than text; and whether the server calls it an error. */
export function mcpOutput(result: unknown): {
  readonly output: string | readonly JsonObject[];
  readonly isError: boolean;
} {
  const { content, structuredContent, isError } = Object(result) as Partial<Record<string, unknown>>;
  const parts = (Array.isArray(content) ? (content as readonly unknown[]) : []).map(partOf);
  if (parts.length === 0 && structuredContent !== undefined)
    parts.push(textPart(JSON.stringify(structuredContent)));
  const onlyText = parts.every(({ type }) => type === 'input_text');
  return {
    output: onlyText ? parts.map(({ text }) => String(text)).join('\n') : parts,
    isError: isError === true,
  };
}

function partOf(block: unknown): JsonObject {
  const { type, text, data, mimeType, resource } = Object(block) as Partial<Record<string, unknown>>;
  if (type === 'text' && typeof text === 'string') return textPart(text);
  if (type === 'image' && typeof data === 'string')
    return { type: 'input_image', detail: 'auto', image_url: `data:${String(mimeType)};base64,${data}` };
  const { text: resourceText } = Object(resource) as { text?: unknown };
  return textPart(typeof resourceText === 'string' ? resourceText : JSON.stringify(block));
}

const textPart = (text: string): JsonObject => ({ type: 'input_text', text });
