/** The OpenAPI 3.1 document of the gateway, made from its operations. */
import { PROBLEMS } from '../problem.js';
import type { ProblemCode } from '../problem.js';
import { EVENT_SCHEMAS } from './event-schemas.js';
import type { Answer, Operation } from './operation.js';
import { packageFile } from './package-file.js';
import { isSchema, ref } from './schema.js';
import type { Schema } from './schema.js';
import { SERVICE_OPERATIONS } from './service-operations.js';
import { SESSION_OPERATIONS } from './session-operations.js';
import { SESSION_SCHEMAS } from './session-schemas.js';
import { TURN_OPERATIONS } from './turn-operations.js';
import { TURN_SCHEMAS } from './turn-schemas.js';

export const OPERATIONS = { ...SERVICE_OPERATIONS, ...TURN_OPERATIONS, ...SESSION_OPERATIONS };
export type OperationId = keyof typeof OPERATIONS;

const EVERYWHERE: readonly ProblemCode[] = [
  'malformed_request',
  'malformed_url',
  'headers_too_large',
  'invalid_request',
  'forbidden_host',
  'forbidden_origin',
  'method_not_allowed',
  'not_acceptable',
  'internal_error',
  'temporal_refused',
  'temporal_unavailable',
  'shutting_down',
  'temporal_timeout',
];
const WITH_BODY: readonly ProblemCode[] = [
  'malformed_json',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
];

/** The OpenAPI document, as plain JSON. */
export const openApiDocument: Schema = {
  openapi: '3.1.1',
  info: {
    title: 'durable-turns gateway',
    version: String(packageFile('package.json')['version']),
    description: 'Start, follow and steer turns of AI agents that run as durable workflows.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  tags: [{ name: 'turns' }, { name: 'sessions' }, { name: 'service' }],
  security: [{ token: [] }],
  paths: paths(),
  components: {
    schemas: { ...TURN_SCHEMAS, ...SESSION_SCHEMAS, ...EVENT_SCHEMAS },
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
  },
};

function paths(): Schema {
  const byPath: Record<string, Record<string, Schema>> = {};
  for (const operation of Object.values<Operation>(OPERATIONS)) {
    (byPath[operation.path] ??= {})[operation.method] = described(operation);
  }
  return byPath;
}

function described(operation: Operation): Schema {
  const { id, tag, summary, description, params = {}, query = {}, headers = {}, body, open } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: [
      ...parameters('path', params),
      ...parameters('query', query),
      ...parameters('header', headers),
    ],
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: responses(operation),
    ...(open ? { security: [] } : {}),
  };
}

function parameters(place: 'path' | 'query' | 'header', schemas: Readonly<Record<string, Schema>>): Schema[] {
  return Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path',
    schema,
  }));
}

function responses({ answers, problems = [], body, open }: Operation): Schema {
  const codes: ProblemCode[] = [...EVERYWHERE, ...problems];
  if (body) codes.push(...WITH_BODY);
  if (!open) codes.push('unauthorized');
  const told: Record<number, Schema> = {};
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    const same = codes.filter((other) => PROBLEMS[other].status === status);
    told[status] = {
      description: [...new Set(same)].map((other) => `${other}: ${PROBLEMS[other].title}`).join(' '),
      content: { 'application/problem+json': { schema: ref('Problem') } },
    };
  }
  for (const [status, answer] of Object.entries<Answer>(answers)) {
    told[Number(status)] = joined(answered(answer), told[Number(status)]);
  }
  return told;
}

function answered({ description, schema, contentType = 'application/json', headers }: Answer): Schema {
  const entries = Object.entries(headers ?? {}).map(([name, said]): [string, Schema] => [
    name,
    { description: said, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(schema ? { content: { [contentType]: { schema } } } : {}),
    ...(headers ? { headers: Object.fromEntries(entries) } : {}),
  };
}

/** A status that an answer and a problem share has the content of both. */
function joined(answer: Schema, problem: Schema | undefined): Schema {
  if (!problem) return answer;
  return {
    ...answer,
    description: `${String(answer['description'])} Or ${String(problem['description'])}`,
    content: { ...contentOf(answer), ...contentOf(problem) },
  };
}

function contentOf({ content }: Schema): Schema {
  return isSchema(content) ? content : {};
}
