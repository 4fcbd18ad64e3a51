/** What is refused before anybody looks at it: other hosts, foreign pages, paths that say nothing. */
import { Problem } from './problem.js';

export interface GuardOptions {
  readonly allowedHosts: readonly string[] | undefined;
  readonly corsOrigins: readonly string[];
}

/** @throws Problem malformed_url, forbidden_host, forbidden_origin */
export function guard(request: Request, { allowedHosts, corsOrigins }: GuardOptions): void {
  const url = new URL(request.url);
  for (const part of [url.pathname, ...url.search.split('+')]) checkEncoding(part);
  const host = hostOf(request, url);
  if (allowedHosts && !allowedHosts.includes(host)) {
    throw new Problem('forbidden_host', `${JSON.stringify(host)} is none of ${allowedHosts.join(', ')}.`);
  }
  const origin = request.headers.get('origin');
  if (origin === null || request.method === 'GET' || request.method === 'HEAD') return;
  // A page of another site may send a form, or a POST without a body, unasked.
  if (corsOrigins.includes(origin) || sameHost(origin, request, url)) return;
  throw new Problem('forbidden_origin', `Add ${origin} to corsOrigins if its pages may use the gateway.`);
}

function checkEncoding(part: string): void {
  try {
    decodeURIComponent(part);
  } catch (cause) {
    throw new Problem('malformed_url', 'A % must be followed by two hex digits, and all be UTF-8.', {
      cause,
    });
  }
}

function hostOf(request: Request, url: URL): string {
  const header = request.headers.get('host');
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(header ?? url.host) ?? [];
  return (bracketed ?? plain ?? '').toLowerCase();
}

function sameHost(origin: string, request: Request, url: URL): boolean {
  try {
    return new URL(origin).host === (request.headers.get('host') ?? url.host).toLowerCase();
  } catch {
    return false;
  }
}
