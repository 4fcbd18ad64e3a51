/** What a route is called with: a request that was let in and fits the OpenAPI document. */
import type { Principal } from '../options.js';
import type { Told } from '../validate.js';

export interface Call extends Told {
  readonly request: Request;
  readonly principal: Principal;
}

export type Handler = (call: Call) => Response | Promise<Response>;

interface Head {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function json(value: unknown, { status = 200, headers = {} }: Head = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  });
}

/** A parameter that the schema calls text. */
export function text(told: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = told[name];
  return typeof value === 'string' ? value : undefined;
}

/** A parameter of the path: there is no request without. */
export function param({ params }: Call, name: string): string {
  return text(params, name) ?? '';
}
