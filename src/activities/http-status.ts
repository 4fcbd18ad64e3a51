/** The HTTP status in what a client of a model server threw. */

/** Undefined where no server answered. */
export function statusOf(thrown: unknown): number | undefined {
  const { status } = Object(thrown) as { readonly status?: unknown };
  return typeof status === 'number' ? status : undefined;
}

/** 4xx: it is the request that the server does not take. */
export function isRefusal(status: number | undefined): status is number {
  return status !== undefined && status >= 400 && status < 500;
}
