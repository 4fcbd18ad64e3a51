/**
 * OpenAI's strict mode: the model is held to the schema while it writes. It knows a part of JSON Schema only,
 * and a server refuses the whole request for a strict schema with anything else in it. Pure.
 */
import type { JsonObject, JsonValue } from '../events/json.js';

/** Keywords that strict mode refuses. */
const REFUSED: ReadonlySet<string> = new Set([
  'oneOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'contains',
  'default',
]);
const FORMATS: readonly unknown[] = [
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
];
/** Keywords whose members are schemas under free names. */
const MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
/** Keywords whose values are data. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'required', 'examples', 'type']);

/** The schema with every object closed, or undefined where strict mode could not take it as it is meant. */
export function strictSchema(schema: JsonObject): JsonObject | undefined {
  const closed: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if (REFUSED.has(key) || isRefused(key, value)) return undefined;
    const inner = closedMember(key, value);
    if (inner === undefined) return undefined;
    closed[key] = inner;
  }
  return isObjectType(schema['type']) ? closedObject(schema, closed) : closed;
}

function closedMember(key: string, value: JsonValue): JsonValue | undefined {
  if (DATA.has(key)) return value;
  if (MAPS.has(key) && isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => [name, closedNode(member)] as const);
    return members.some(([, member]) => member === undefined) ? undefined : Object.fromEntries(members);
  }
  return closedNode(value);
}

function closedNode(node: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(node)) {
    const nodes = node.map((item: JsonValue) => closedNode(item)).filter((item) => item !== undefined);
    return nodes.length === node.length ? nodes : undefined;
  }
  return isObject(node) ? strictSchema(node) : node;
}

/** Every property must be required, and there may be none beside them. */
function closedObject(schema: JsonObject, closed: JsonObject): JsonObject | undefined {
  const properties = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  const required: readonly JsonValue[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const open = schema['additionalProperties'] !== undefined && schema['additionalProperties'] !== false;
  if (open || properties.some((name) => !required.includes(name))) return undefined;
  return { ...closed, properties: closed['properties'] ?? {}, required, additionalProperties: false };
}

/** Formats beside the known ones, patterns that look around, and tuples. */
function isRefused(key: string, value: JsonValue): boolean {
  if (key === 'format') return !FORMATS.includes(value);
  if (key === 'pattern') return typeof value === 'string' && /\(\?<?[=!]/.test(value);
  return key === 'items' && Array.isArray(value);
}

function isObjectType(type: JsonValue | undefined): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object'));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
