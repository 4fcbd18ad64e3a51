/**
 * What we need of a schema library: Standard Schema (https://standardschema.dev) with its JSON Schema part,
 * which zod (4.2 or later), ArkType and others implement. The types are those of the specification.
 */
import type { JsonObject, JsonValue } from '../events/json.js';

export interface Schema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-07' }) => Record<string, unknown>;
    };
  };
}

export type SchemaOutput<S extends Schema> = NonNullable<S['~standard']['types']>['output'];

type SchemaResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export type Validated<Output> = { readonly value: Output } | { readonly problem: string };

/** Validates; `problem` names each field and what is wrong with it. */
export async function validate<Output>(schema: Schema<Output>, value: unknown): Promise<Validated<Output>> {
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return { value: result.value };
  return { problem: result.issues.map(describeIssue).join('; ') };
}

function describeIssue({ message, path = [] }: SchemaIssue): string {
  const where = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  return where === '' ? message : `${where}: ${message}`;
}

export interface JsonSchema {
  readonly schema: JsonObject;
  /** The schema keeps to what OpenAI's strict mode asks: every property required, none beside them. */
  readonly strict: boolean;
}

/** The JSON Schema for the model, strict where it can be. `undefined` when the library gives none. */
export function jsonSchemaOf(schema: Schema): JsonSchema | undefined {
  const given = schema['~standard'].jsonSchema?.input({ target: 'draft-07' });
  if (!given) return undefined;
  const { $schema: _dialect, ...plain } = asJson(given);
  const closed = closeObjects(plain);
  return closed === undefined
    ? { schema: plain, strict: false }
    : { schema: closed as JsonObject, strict: true };
}

/** Sets `additionalProperties: false` on every object; undefined where a property is optional or a map is open. */
function closeObjects(node: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(node)) {
    const items = node.map((item: JsonValue) => closeObjects(item));
    return items.some((item) => item === undefined) ? undefined : (items as JsonValue[]);
  }
  if (typeof node !== 'object' || node === null) return node;
  const object = node as JsonObject;
  const closed: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const inner =
      key === 'enum' || key === 'const' || key === 'required' || key === 'default'
        ? value
        : closeObjects(value);
    if (inner === undefined) return undefined;
    closed[key] = inner;
  }
  if (object['type'] !== 'object') return closed;
  const properties = Object.keys((object['properties'] as JsonObject | undefined) ?? {});
  const required = (object['required'] as readonly string[] | undefined) ?? [];
  const open = object['additionalProperties'] !== undefined && object['additionalProperties'] !== false;
  if (open || properties.some((name) => !required.includes(name))) return undefined;
  return {
    ...closed,
    properties: closed['properties'] ?? {},
    required: [...required],
    additionalProperties: false,
  };
}

/** Schemas are JSON by definition; this also drops `undefined` members. */
function asJson(value: Record<string, unknown>): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
