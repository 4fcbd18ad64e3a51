/** The routes of those who run the gateway. */
import type { Registry } from 'prom-client';
import { openApiDocument } from '../openapi/document.js';
import type { SERVICE_OPERATIONS } from '../openapi/service-operations.js';
import type { Temporal } from '../temporal.js';
import { json } from './call.js';
import type { Handler } from './call.js';

export interface ServiceRoutesOptions {
  readonly temporal: Temporal;
  readonly agents: readonly string[];
  readonly registry: Registry;
  readonly isClosing: () => boolean;
}

export function serviceRoutes({
  temporal,
  agents,
  registry,
  isClosing,
}: ServiceRoutesOptions): Record<keyof typeof SERVICE_OPERATIONS, Handler> {
  return {
    getHealth: () => json({ status: 'ok' }),

    getReadiness: async () => {
      const ready = await temporal.readiness();
      const { temporal: reachable, worker } = ready;
      return json(ready, { status: reachable && worker && !isClosing() ? 200 : 503 });
    },

    getMetrics: async () =>
      new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),

    getOpenApi: () => json(openApiDocument),

    listAgents: () => json({ data: agents.map((name) => ({ name })) }),
  };
}
