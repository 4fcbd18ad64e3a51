/** Where and for whom a gateway opens. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { ServeOptions } from '../gateway/index.js';
import type { Console } from './console.js';

export interface GatewayFlags {
  readonly host: string;
  readonly port: number;
  readonly auth: boolean;
  readonly allowedHost?: readonly string[];
  readonly corsOrigin?: readonly string[];
  readonly agents?: readonly string[];
}

/** Names tokens in the environment: on a command line every user of the machine could read them. */
export const TOKENS = 'DURABLE_TURNS_TOKENS';

export function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number up to 65535.');
  return port;
}

export function withGatewayFlags(command: Command): Command {
  return command
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0: one that is free', portOf, 8484)
    .option('--no-auth', 'let everybody in who reaches it: for gateways behind something that guards them')
    .option('--allowed-host <name...>', 'host names it answers under (default: all; on loopback its own)')
    .option('--cors-origin <origin...>', 'origins whose pages may use it (default: its own)')
    .option('--agents <name...>', 'agents that the page offers');
}

export function serveOptionsOf(flags: GatewayFlags, { env }: Console): Omit<ServeOptions, 'turns'> {
  const { host, port, auth, allowedHost, corsOrigin, agents } = flags;
  const tokens = (env[TOKENS] ?? '').split(',').filter((token) => token.trim() !== '');
  return {
    host,
    port,
    ...(auth ? (tokens.length > 0 ? { auth: { tokens } } : {}) : { auth: 'none' }),
    ...(allowedHost ? { allowedHosts: allowedHost } : {}),
    ...(corsOrigin ? { corsOrigins: corsOrigin } : {}),
    ...(agents ? { agents } : {}),
  };
}
