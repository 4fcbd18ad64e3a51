/** `next_page`: Temporal's token, sealed with the filter that it belongs to, as the server takes any. Pure. */
import { createHash } from 'node:crypto';
import { InvalidFilterError } from '../errors.js';

export function formatPage(token: Uint8Array, filter: unknown): string {
  const encoded = Buffer.from(token).toString('base64url');
  return `1.${seal(encoded, filter)}.${encoded}`;
}

/** @throws InvalidFilterError */
export function parsePage(page: string, filter: unknown): Uint8Array {
  const [, sealed, encoded = ''] = /^1\.([\w-]{16})\.([\w-]+)$/.exec(page) ?? [];
  if (sealed !== seal(encoded, filter))
    throw new InvalidFilterError('page', 'must be next_page of the page before, with the same filter');
  return Buffer.from(encoded, 'base64url');
}

function seal(encoded: string, filter: unknown): string {
  return createHash('sha256').update(JSON.stringify(filter)).update(encoded).digest('base64url').slice(0, 16);
}
