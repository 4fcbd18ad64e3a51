// An MCP server over stdin and stdout, with one tool: node --import tsx mcp-server.ts

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const server = new McpServer({ name: 'test', version: '1' });
server.registerTool(
  'shout',
  { description: 'Says it louder.', inputSchema: { text: z.string() } },
  ({ text }) => ({ content: [{ type: 'text', text: `${text.toUpperCase()} ${process.env['MARK'] ?? ''}` }] }),
);
await server.connect(new StdioServerTransport());
