/**
 * What we need of a schema library: Standard Schema (https://standardschema.dev) with its JSON Schema part,
 * which zod (4.2 or later), ArkType and others implement. The types are those of the specification.
 */
import type { JsonObject } from '../events/json.js';
import { strictSchema } from './strict-schema.js';

/** `z.object({...})` of zod 4.2 or later is one. */
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
  /** The schema keeps to what OpenAI's strict mode asks. */
  readonly strict: boolean;
}

/** The JSON Schema for the model, strict where it can be. `undefined` when the library gives none. */
export function jsonSchemaOf(schema: Schema): JsonSchema | undefined {
  const given = schema['~standard'].jsonSchema?.input({ target: 'draft-07' });
  if (!given) return undefined;
  const { $schema: _dialect, ...plain } = asJson(given);
  const strict = strictSchema(plain);
  return { schema: strict ?? plain, strict: strict !== undefined };
}

/** Schemas are JSON by definition; this also drops `undefined` members. */
function asJson(value: Record<string, unknown>): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
