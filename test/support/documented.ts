/** Holds answers of the gateway to its OpenAPI document: status, media type and body. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { openApiDocument } from '../../src/gateway/index.js';

interface Documented {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Documented>>>>;

const document: { readonly paths: Paths; readonly components: object } = JSON.parse(
  JSON.stringify(openApiDocument),
);
const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
});
ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)));
ajv.addVocabulary(['openapi', 'info', 'servers', 'tags', 'security', 'paths', 'components']);
ajv.addSchema({ $id: 'openapi', ...document });

/** Whether a value is what a component of the document says. */
export function expectComponent(name: string, value: unknown): void {
  expectValid(`openapi#/components/schemas/${name}`, value);
}

/** @returns the body as JSON, or undefined for one that is none */
export async function expectDocumented(method: string, url: string, response: Response): Promise<unknown> {
  const path = templateOf(new URL(url, 'http://gateway').pathname);
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = path === undefined ? undefined : document.paths[path]?.[verb];
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const isJson = /[/+]json$/.test(type);
  const body: unknown = isJson && method !== 'HEAD' ? await response.clone().json() : undefined;
  if (!operation || path === undefined) {
    expect([404, 405]).toContain(response.status);
    expectComponent('Problem', body);
    return body;
  }
  const answer = operation.responses[response.status];
  expect(
    answer,
    `${operation.operationId} documents ${response.status} (${JSON.stringify(body)})`,
  ).toBeDefined();
  if (!answer?.content) return body;
  expect(Object.keys(answer.content)).toContain(type);
  if (body === undefined) return body;
  const place = [path, verb, 'responses', String(response.status), 'content', type, 'schema'];
  expectValid(`openapi#/paths/${place.map(pointer).join('/')}`, body);
  return body;
}

function expectValid($ref: string, value: unknown): void {
  const check = ajv.getSchema($ref);
  if (!check) throw new Error(`The document has no ${$ref}.`);
  const errors = check(value) === true ? [] : check.errors;
  expect(errors, `${$ref} of ${JSON.stringify(value)}`).toEqual([]);
}

function templateOf(pathname: string): string | undefined {
  return Object.keys(document.paths).find((path) =>
    new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', String.raw`\.`)}$`).test(pathname),
  );
}

function pointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
