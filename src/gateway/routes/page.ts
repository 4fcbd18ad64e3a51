/** The parameters of a page, as the client's lists take them. */
import { text } from './call.js';

export function pageOf(query: Readonly<Record<string, unknown>>): { limit: number; page?: string } {
  const page = text(query, 'page');
  return { limit: Number(query['limit']), ...(page === undefined ? {} : { page }) };
}
