/** What those ask who run the gateway. */
import type { Operation } from './operation.js';
import { anyObject, boolean, list, object, string } from './schema.js';

const readiness = object({ temporal: boolean, worker: boolean });

export const SERVICE_OPERATIONS = {
  getHealth: {
    id: 'getHealth',
    method: 'get',
    path: '/healthz',
    tag: 'service',
    summary: 'Whether the process lives',
    open: true,
    answers: { 200: { description: 'It does.', schema: object({ status: { const: 'ok' } }) } },
  },
  getReadiness: {
    id: 'getReadiness',
    method: 'get',
    path: '/readyz',
    tag: 'service',
    summary: 'Whether turns can be started',
    open: true,
    answers: {
      200: { description: 'Temporal is reachable, and a worker polls the task queue.', schema: readiness },
      503: { description: 'One of them is missing, or the gateway is shutting down.', schema: readiness },
    },
  },
  getMetrics: {
    id: 'getMetrics',
    method: 'get',
    path: '/metrics',
    tag: 'service',
    summary: 'Metrics for Prometheus',
    answers: { 200: { description: 'Metrics.', schema: string, contentType: 'text/plain' } },
  },
  getOpenApi: {
    id: 'getOpenApi',
    method: 'get',
    path: '/openapi.json',
    tag: 'service',
    summary: 'This document',
    answers: { 200: { description: 'The OpenAPI document.', schema: anyObject } },
  },
  listAgents: {
    id: 'listAgents',
    method: 'get',
    path: '/agents',
    tag: 'service',
    summary: 'The agents that the gateway was told of',
    answers: {
      200: { description: 'Their names.', schema: object({ data: list(object({ name: string })) }) },
    },
  },
} as const satisfies Record<string, Operation>;
