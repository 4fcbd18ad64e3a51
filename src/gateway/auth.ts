/** Who may ask. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayConfigurationError } from './options.js';
import type { Authenticate, GatewayAuth } from './options.js';

const ANYBODY = { id: '' };

/** @throws GatewayConfigurationError for tokens that protect nothing */
export function authenticator(auth: GatewayAuth): Authenticate {
  if (auth === 'none') return () => ANYBODY;
  if (typeof auth === 'function') return auth;
  const { tokens } = auth;
  if (tokens.length === 0) throw new GatewayConfigurationError('auth.tokens is empty: nobody could ask.');
  if (tokens.some((token) => !/^[\x21-\x7e]+$/.test(token))) {
    throw new GatewayConfigurationError('A token of auth.tokens is empty, or holds spaces or other signs.');
  }
  const known = tokens.map(digest);
  return (request) => {
    const given = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    const asked = digest(given ?? '');
    // All are compared, in a time that does not tell which one nearly fits.
    const fits = known.map((token) => timingSafeEqual(token, asked));
    return given !== undefined && fits.includes(true) ? ANYBODY : undefined;
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
