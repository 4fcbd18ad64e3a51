/** events.schema.json as components of the OpenAPI document: one source for the events on every door. */
import type { JsonValue } from '../../events/json.js';
import { packageFile } from './package-file.js';
import { isSchema, ref } from './schema.js';
import type { Schema } from './schema.js';

const file = packageFile('events.schema.json');

/** What only a session tells. */
const SESSION_EVENTS: readonly unknown[] = [ref('TurnQueued'), ref('MessageSteered')].map(({ $ref }) => $ref);
const events = [moved(file['oneOf'] ?? [])].flat().filter(isSchema);

export const EVENT_SCHEMAS: Readonly<Record<string, Schema>> = {
  ...objectOf(moved(file['$defs'])),
  TurnEvent: { oneOf: events.filter(({ $ref }) => !SESSION_EVENTS.includes($ref)) },
  SessionEvent: { oneOf: events },
  TurnEnd: { oneOf: [ref('TurnCompleted'), ref('TurnFailed'), ref('TurnCancelled')] },
};

function moved(value: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string'
        ? inner.replace('#/$defs/', '#/components/schemas/')
        : moved(inner),
    ]),
  );
}

function objectOf(value: JsonValue): Readonly<Record<string, Schema>> {
  const entries = Object.entries(value ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, Schema] => isSchema(entry[1])));
}
