/** events.schema.json as the tests read it: its objects, a validator, and which object stands where in a value. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

const schema: Schema = JSON.parse(readFileSync(new URL('../../events.schema.json', import.meta.url), 'utf8'));

/** All definitions of the schema by name. */
export const definitions: ReadonlyMap<string, Schema> = new Map(
  Object.entries(schema.$defs ?? {}).map(([name, rule]) => [name, asSchema(rule)]),
);

/** The definitions that are events. */
export const eventNames: readonly string[] = (schema.oneOf ?? []).map((option) => nameOf(asSchema(option)));

/** The definitions that are deltas. */
export const deltaNames: readonly string[] = (definition('Delta').oneOf ?? []).map((option) =>
  nameOf(asSchema(option)),
);

export function definition(name: string): Schema {
  const found = definitions.get(name);
  if (!found) throw new Error(`events.schema.json defines no ${name}.`);
  return found;
}

/** The fields of an object of the schema. */
export function fields(name: string): { readonly [field: string]: Schema } {
  return Object.fromEntries(
    Object.entries(definition(name).properties ?? {}).map(([field, value]) => [field, asSchema(value)]),
  );
}

/** The literal `type` of an event or delta. */
export function typeOf(name: string): string {
  return String(fields(name)['type']?.const);
}

const isEventSchema = z.fromJSONSchema(schema);

export const isEvent = (value: unknown): boolean => isEventSchema.safeParse(value).success;

/** A type as docs/events.md writes it: `string`, `ToolCall[]`, `"approval" or "tool_output"`. */
export function typeText(value: Schema): string {
  if (value.$ref !== undefined) return nameOf(value);
  if (value.const !== undefined) return JSON.stringify(value.const);
  if (value.enum !== undefined) return value.enum.map((option) => JSON.stringify(option)).join(' or ');
  if (value.type === 'array') return `${typeText(asSchema(value.items))}[]`;
  return String(value.type);
}

export interface Place {
  /** The definition that rules here. */
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly keys: readonly string[];
}

/** Every object within `value`, which is a `name`, that a definition with fields rules. */
export function placesIn(name: string, value: unknown, path: readonly (string | number)[] = []): Place[] {
  const rule = definition(name);
  if (!isObject(value)) return [];
  if (rule.oneOf) return placesIn(chosen(rule, value), value, path);
  if (!rule.properties) return [];
  const inner = Object.entries(fields(name)).flatMap(([field, ruled]) => {
    const at = [...path, field];
    const inside = value[field];
    if (ruled.$ref !== undefined) return placesIn(nameOf(ruled), inside, at);
    const items = ruled.type === 'array' ? asSchema(ruled.items) : undefined;
    if (items?.$ref === undefined || !Array.isArray(inside)) return [];
    return inside.flatMap((item, index) => placesIn(nameOf(items), item, [...at, index]));
  });
  return [{ name, path, keys: Object.keys(value) }, ...inner];
}

/** A copy of `value` whose object at `path` went through `change`. */
export function changedAt(
  value: unknown,
  [key, ...rest]: readonly (string | number)[],
  change: (object: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): unknown {
  if (key === undefined) return isObject(value) ? change(value) : value;
  if (Array.isArray(value)) return value.with(Number(key), changedAt(value[Number(key)], rest, change));
  return isObject(value) ? { ...value, [key]: changedAt(value[key], rest, change) } : value;
}

function chosen(rule: Schema, value: Readonly<Record<string, unknown>>): string {
  const names = (rule.oneOf ?? []).map((option) => nameOf(asSchema(option)));
  const name = names.find((candidate) => typeOf(candidate) === value['type']);
  if (name === undefined) throw new Error(`events.schema.json has no option for ${JSON.stringify(value)}.`);
  return name;
}

function nameOf({ $ref }: Schema): string {
  return ($ref ?? '').replace('#/$defs/', '');
}

function asSchema(value: unknown): Schema {
  if (!isSchema(value)) throw new Error(`Not a schema: ${JSON.stringify(value)}`);
  return value;
}

function isSchema(value: unknown): value is Schema {
  return isObject(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
