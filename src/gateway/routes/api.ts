/** The native API as a Hono app: one route for each operation of the OpenAPI document. */
import { Hono } from 'hono';
import type { Context } from 'hono';
import { accepts } from '../accepts.js';
import { readJson } from '../body.js';
import type { BodyLimits } from '../body.js';
import { OPERATIONS } from '../openapi/document.js';
import type { OperationId } from '../openapi/document.js';
import type { Operation } from '../openapi/operation.js';
import type { Authenticate, Principal } from '../options.js';
import { Problem } from '../problem.js';
import { validate } from '../validate.js';
import type { Handler } from './call.js';

export interface ApiOptions {
  readonly handlers: Record<OperationId, Handler>;
  readonly authenticate: Authenticate;
  readonly limits: BodyLimits;
  /** Is told which route a request has come to. */
  readonly routed: (request: Request, route: string) => void;
}

const ANYBODY: Principal = { id: '' };

/** Paths are matched as they are written, and each parameter is decoded once: an id may hold a slash. */
export function apiApp({ handlers, authenticate, limits, routed }: ApiOptions): Hono {
  const app = new Hono({ getPath: (request) => new URL(request.url).pathname });
  const methods = new Map<string, string[]>();

  for (const operation of Object.values<Operation & { readonly id: OperationId }>(OPERATIONS)) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const method = operation.method.toUpperCase();
    methods.set(path, [...(methods.get(path) ?? []), method, ...(method === 'GET' ? ['HEAD'] : [])]);
    app.on(method, path, async (context) => {
      const request = context.req.raw;
      routed(request, operation.path);
      const principal = operation.open ? ANYBODY : await admitted(request, authenticate);
      checkAccept(request, operation);
      const told = {
        params: context.req.param(),
        query: queryOf(context),
        headers: headersOf(request, operation),
        body: operation.body ? await readJson(request, limits) : undefined,
      };
      validate(operation, told);
      return handlers[operation.id]({ ...told, request, principal });
    });
  }
  for (const [path, allowed] of methods) {
    app.all(path, (context) => {
      routed(context.req.raw, path);
      const allow = allowed.join(', ');
      throw new Problem('method_not_allowed', `It takes ${allow}.`, { headers: { allow } });
    });
  }
  return app;
}

/** @throws Problem unauthorized */
export async function admitted(request: Request, authenticate: Authenticate): Promise<Principal> {
  const principal = await authenticate(request);
  if (principal) return principal;
  throw new Problem('unauthorized', 'Send authorization: Bearer <token>.', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

function checkAccept(request: Request, { answers }: Operation): void {
  const header = request.headers.get('accept');
  const types = Object.values(answers).flatMap(({ schema, contentType }) =>
    schema ? [contentType ?? 'application/json'] : [],
  );
  if (types.length === 0 || types.some((type) => accepts(header, type))) return;
  throw new Problem('not_acceptable', `The answer is ${types.join(' or ')}; accepted is ${String(header)}.`);
}

/** A parameter that is told twice is a list, which none of ours is. */
function queryOf(context: Context): Record<string, unknown> {
  const all = Object.entries(context.req.queries());
  return Object.fromEntries(all.map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

function headersOf(request: Request, { headers = {} }: Operation): Record<string, unknown> {
  const given = Object.keys(headers).map((name) => [name, request.headers.get(name)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== null));
}
