/** Holds requests to the very schemas of the OpenAPI document. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { OPERATIONS, openApiDocument } from './openapi/document.js';
import type { Operation } from './openapi/operation.js';
import type { Schema } from './openapi/schema.js';
import { Problem } from './problem.js';
import type { RequestError } from './problem.js';

/** What a request has told, checked, with its numbers and booleans as such. */
export interface Told {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

interface Checks {
  readonly params: ValidateFunction;
  readonly query: ValidateFunction;
  readonly headers: ValidateFunction;
  readonly body: ValidateFunction | undefined;
}

const MOST_ERRORS = 20;
const DOCUMENT = 'openapi.json';
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

const options = { strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true } as const;
const strict = new Ajv2020({ ...options, strictTypes: false });
/** Path, query and headers are text: what looks like a number is one where a number is wanted. */
const lenient = new Ajv2020({ ...options, strictTypes: false, coerceTypes: true, useDefaults: true });
for (const ajv of [strict, lenient]) {
  ajv.addFormat('date-time', (text) => RFC_3339.test(text) && !Number.isNaN(Date.parse(text)));
  // No keyword of JSON Schema; it only holds the schemas.
  ajv.addKeyword('components');
  ajv.addSchema({ $id: DOCUMENT, components: openApiDocument['components'] });
}

const checks = new Map<string, Checks>(
  Object.values<Operation>(OPERATIONS).map((operation) => [operation.id, checksOf(operation)]),
);

/** @throws Problem invalid_request, with a pointer to each place that is wrong */
export function validate({ id }: Pick<Operation, 'id'>, told: Told): void {
  const check = checks.get(id);
  if (!check) throw new Error(`${id} is no operation.`);
  const errors = [
    ...wrong('/path', check.params, told.params),
    ...wrong('/query', check.query, told.query),
    ...wrong('/header', check.headers, told.headers),
    ...(check.body ? wrong('', check.body, told.body) : []),
  ];
  if (errors.length === 0) return;
  const said = errors.map(({ path, message }) => `${path === '' ? 'The body' : path} ${message}`).join('; ');
  throw new Problem('invalid_request', `${said}.`, { errors });
}

function checksOf({ params = {}, query = {}, headers = {}, body }: Operation): Checks {
  return {
    params: lenient.compile(members(params, Object.keys(params))),
    query: lenient.compile(members(query)),
    headers: lenient.compile({ ...members(headers), additionalProperties: true }),
    body: body && strict.compile(inDocument(body)),
  };
}

function members(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  const inside = Object.entries(properties).map(([name, schema]) => [name, inDocument(schema)] as const);
  return { type: 'object', properties: Object.fromEntries(inside), required, additionalProperties: false };
}

function inDocument(schema: Schema): Schema {
  const { $ref } = schema;
  return typeof $ref === 'string' ? { ...schema, $ref: `${DOCUMENT}${$ref}` } : schema;
}

function wrong(base: string, check: ValidateFunction, value: unknown): RequestError[] {
  if (check(value)) return [];
  const errors = (check.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  return errors.slice(0, MOST_ERRORS).map((error) => ({
    path: `${base}${error.instancePath}${memberOf(error)}`,
    message: messageOf(error),
  }));
}

/** The member that is missing or too much is the place that is wrong. */
function memberOf({ params }: ErrorObject): string {
  const { missingProperty, additionalProperty, propertyName } = params;
  const name: unknown = missingProperty ?? additionalProperty ?? propertyName;
  return typeof name === 'string' ? `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
}

function messageOf({ keyword, params, message = 'is wrong' }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return 'is unknown here';
    case 'false schema':
      return 'does not belong here';
    case 'enum':
      return `must be one of ${JSON.stringify(params['allowedValues'])}`;
    default:
      return message;
  }
}
