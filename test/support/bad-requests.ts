/** Requests that cannot be right, made from the OpenAPI document: what it says of each place, turned round. */
import { openApiDocument } from '../../src/gateway/index.js';

type Json = Readonly<Record<string, unknown>>;

export interface BadRequest {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Json;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Json } } };
}

interface Place {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

const document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
} = JSON.parse(JSON.stringify(openApiDocument));

const JSON_TYPE = { 'content-type': 'application/json' };
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'];
/** Whatever stands in a path; no turn has this id. */
const NOBODY = 'nobody-has-this-id';
/** One value of each type of JSON. */
const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  boolean: true,
  number: 1.5,
  string: 'text',
  array: [null],
  object: { a: 1 },
};

const places: readonly Place[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

/** `sound`: a body that is right, for each operation that takes one. */
export function badRequests(sound: Readonly<Record<string, Json>>): readonly BadRequest[] {
  return [
    ...places.flatMap((place) => [...badParameters(place, sound), ...badAccepts(place)]),
    ...places.flatMap((place) => badBodies(place, sound)),
    ...Object.entries(document.paths).flatMap(([path, methods]) => badMethods(path, Object.keys(methods))),
    ...badPaths(),
  ];
}

function badParameters(place: Place, sound: Readonly<Record<string, Json>>): BadRequest[] {
  const { operation, method } = place;
  const request = (
    what: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): BadRequest => {
    const body = sound[operation.operationId];
    return {
      what: `${operation.operationId}: ${what}`,
      method,
      path,
      headers: { ...(body ? JSON_TYPE : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    };
  };
  const found = operation.parameters.flatMap(({ name, in: where, schema }) => {
    switch (where) {
      case 'path':
        return wrongTexts(schema).map(([what, text]) =>
          request(`${name} ${what}`, urlOf(place.path, { [name]: encodeURIComponent(text) })),
        );
      case 'query':
        return [
          ...wrongTexts(schema).map(([what, text]) =>
            request(`?${name} ${what}`, `${urlOf(place.path)}?${name}=${encodeURIComponent(text)}`),
          ),
          request(`?${name} twice`, `${urlOf(place.path)}?${name}=1&${name}=1`),
        ];
      case 'header':
        return wrongTexts(schema)
          .filter(([, text]) => /^[\x20-\x7e]+$/.test(text))
          .map(([what, text]) => request(`${name} ${what}`, urlOf(place.path), { [name]: text }));
      default:
        return where satisfies never;
    }
  });
  return [...found, request('an unknown parameter', `${urlOf(place.path)}?who_knows=1`)];
}

/** Texts that a parameter's schema refuses, each with a word for it. */
function wrongTexts(schema: Json): [string, string][] {
  const { type, minimum, maximum, minLength, maxLength, pattern, format, enum: options } = resolved(schema);
  const wrong: [string, string][] = [];
  if (type === 'integer' || type === 'number')
    wrong.push(['no number', 'many'], ['NaN', 'NaN'], ['empty', '']);
  if (type === 'integer') wrong.push(['a fraction', '1.5']);
  if (type === 'boolean') wrong.push(['no boolean', 'perhaps']);
  if (typeof minimum === 'number') wrong.push(['too small', String(minimum - 1)]);
  if (typeof maximum === 'number') wrong.push(['too great', String(maximum + 1)]);
  if (typeof minLength === 'number' && minLength > 0 && typeof pattern !== 'string')
    wrong.push(['empty', '']);
  if (typeof maxLength === 'number') wrong.push(['too long', 'x'.repeat(maxLength + 1)]);
  if (typeof pattern === 'string') wrong.push(['a control character', 'a\u0001b'], ['a line break', 'a\nb']);
  if (Array.isArray(options)) wrong.push(['no option', 'something else']);
  if (format === 'date-time') wrong.push(['no time', 'yesterday'], ['no such day', '2026-02-31T25:00:00Z']);
  return wrong;
}

function badAccepts({ path, method, operation }: Place): BadRequest[] {
  const what = `${operation.operationId}: accepts another type`;
  return [{ what, method, path: urlOf(path), headers: { accept: 'image/png, text/html;q=0.5' } }];
}

function badBodies({ path, method, operation }: Place, sound: Readonly<Record<string, Json>>): BadRequest[] {
  const schema = operation.requestBody?.content['application/json'].schema;
  const right = sound[operation.operationId];
  if (!schema || !right) return [];
  const raw = (
    what: string,
    body: string,
    headers: Readonly<Record<string, string>> = JSON_TYPE,
  ): BadRequest => ({
    what: `${operation.operationId}: ${what}`,
    method,
    path: urlOf(path),
    headers,
    body,
  });
  const text = JSON.stringify(right);
  return [
    ...wrongValues(schema, right).map(([what, value]) => raw(what, JSON.stringify(value))),
    raw('no JSON', '{"agent":'),
    raw('nothing', ''),
    raw('two values', `${text}${text}`),
    raw('a comment', `/* hello */${text}`),
    raw('a BOM', `\uFEFF\uFEFF${text}`),
    raw('a lone surrogate as an id', text.replace('{', '{"turn_id":"\\ud800",')),
    raw('nested too deep', text.replace('{', `{"context":${'['.repeat(5000)}${']'.repeat(5000)},`)),
    raw('too large', text.replace('{', `{"context":"${'x'.repeat(1024 * 1024)}",`)),
    raw('a form', 'agent=assistant&input=hi', { 'content-type': 'application/x-www-form-urlencoded' }),
    raw('JSON that is called text', text, { 'content-type': 'text/plain' }),
    raw('JSON of another charset', text, { 'content-type': 'application/json; charset=utf-16' }),
    raw('compressed', text, { ...JSON_TYPE, 'content-encoding': 'gzip' }),
  ];
}

/** `right` with one place turned wrong, for each place and each way. */
function wrongValues(given: Json, right: unknown, at = 'the body'): [string, unknown][] {
  const schema = resolved(given);
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  const wrong: [string, unknown][] = [];
  for (const [type, value] of Object.entries(VALUES)) {
    if (types.length > 0 && !types.includes(type)) wrong.push([`${at} is ${type}`, value]);
  }
  const {
    enum: options,
    maxLength,
    minLength,
    minItems,
    minimum,
    pattern,
    properties,
    required,
    maxProperties,
  } = schema;
  if (types.includes('integer')) wrong.push([`${at} is a fraction`, 1.5]);
  if (Array.isArray(options)) wrong.push([`${at} is no option`, 'something else']);
  if (typeof maxLength === 'number') wrong.push([`${at} is too long`, 'x'.repeat(maxLength + 1)]);
  if (typeof minLength === 'number' || typeof pattern === 'string') wrong.push([`${at} is empty`, '']);
  if (typeof minItems === 'number') wrong.push([`${at} is an empty list`, []]);
  if (typeof minimum === 'number') wrong.push([`${at} is too small`, minimum - 1]);
  if (typeof maxProperties === 'number') {
    const many = Array.from({ length: maxProperties + 1 }, (_, i) => [`key${i}`, 'value']);
    wrong.push([`${at} has too many members`, Object.fromEntries(many)]);
  }
  if (isJson(schema['additionalProperties'])) {
    for (const [what, value] of wrongValues(schema['additionalProperties'], 'text', `${at}.any`)) {
      wrong.push([what, { any: value }]);
    }
  }
  if (!isJson(properties)) return wrong;
  const whole: Json = isJson(right) ? right : {};
  wrong.push([`${at} has an unknown member`, { ...whole, who_knows: 1 }]);
  for (const name of Array.isArray(required) ? required : []) {
    wrong.push([
      `${at} lacks ${name}`,
      Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)),
    ]);
  }
  for (const [name, inner] of Object.entries(properties)) {
    if (!isJson(inner)) continue;
    for (const [what, value] of wrongValues(inner, whole[name], `${at}.${name}`)) {
      wrong.push([what, { ...whole, [name]: value }]);
    }
  }
  return wrong;
}

function badMethods(path: string, known: readonly string[]): BadRequest[] {
  return METHODS.filter((method) => !known.includes(method.toLowerCase())).map((method) => ({
    what: `${method} ${path}`,
    method,
    path: urlOf(path),
  }));
}

function badPaths(): BadRequest[] {
  const get = (path: string): BadRequest => ({ what: `GET ${path}`, method: 'GET', path });
  return [
    '/turns/%',
    '/turns/%zz',
    '/turns/%C3',
    '/turns/%C3/events',
    '/turns/x?after=%E0%A4%A',
    '/turns/x/events?%=1',
    '/turns/x/nothing',
    '/turns//events',
    '/turns/',
    '/turn',
    '/TURNS',
    '/turns/x/events/',
    '/v0/responses',
    '/viewer/../package.json',
    '/viewer/%2e%2e/package.json',
    '/viewer/..%2fpackage.json',
    '/.git/config',
    '/openapi.yaml',
    `/${'x'.repeat(8000)}`,
    '/turns?page=no-page-of-ours',
    '/sessions?page=AAAA',
    '/sessions/x/events?after=s1~a~b~c',
    `/sessions/${'x'.repeat(201)}/turns`,
    '/turns/x/events?after=1.2.3.4',
    '/turns/x/events?after=-1',
    '/turns/x/events?after=1.1.1%0Aid:%202',
    '/turns/x/events?after=__proto__',
    '/turns/__proto__',
    '/turns/constructor/events',
    "/turns/x'%20OR%201=1",
  ].map(get);
}

function urlOf(path: string, given: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => given[name] ?? NOBODY);
}

function resolved(schema: Json): Json {
  const { $ref, ...more } = schema;
  if (typeof $ref !== 'string') return schema;
  return {
    ...resolved(document.components.schemas[$ref.replace('#/components/schemas/', '')] ?? {}),
    ...more,
  };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
