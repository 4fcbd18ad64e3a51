/** What somebody said to a turn, in pieces for people: texts as they are, everything else as JSON. Pure. */
import type { JsonObject, JsonValue } from '../../events/json.js';
import type { TurnInput } from '../net/wire.js';

export type Said =
  | { readonly kind: 'text'; readonly role: string; readonly text: string }
  | { readonly kind: 'item'; readonly name: string; readonly item: JsonValue };

export function saidOf(input: TurnInput['input']): readonly Said[] {
  return typeof input === 'string' ? [{ kind: 'text', role: 'user', text: input }] : input.flatMap(piecesOf);
}

function piecesOf(item: JsonObject): readonly Said[] {
  const { type = 'message', role, content } = item;
  if (type !== 'message' || typeof role !== 'string') return [{ kind: 'item', name: String(type), item }];
  if (typeof content === 'string') return [{ kind: 'text', role, text: content }];
  if (!isList(content)) return [{ kind: 'item', name: 'message', item }];
  return content.map((part): Said => {
    const { type: name, text } = Object(part) as { type?: unknown; text?: unknown };
    return typeof text === 'string' && String(name).endsWith('text')
      ? { kind: 'text', role, text }
      : { kind: 'item', name: String(name), item: part };
  });
}

/**
 * A turn that took the place of another one repeats what went unanswered there: in a chat that is read once.
 * The last piece is always its own.
 */
export function withoutRepeats(pieces: readonly Said[], before: readonly Said[]): readonly Said[] {
  const known = new Set(before.map((piece) => JSON.stringify(piece)));
  const own = pieces.findIndex((piece) => !known.has(JSON.stringify(piece)));
  return own < 0 ? pieces.slice(-1) : pieces.slice(own);
}

/** What else a turn was given, beside what the page shows already. */
export function furtherInput(given: TurnInput): JsonObject | undefined {
  const { agent: _agent, input: _input, session_id: _session, report_to: _report, ...rest } = given;
  const further = Object.entries(rest).filter(
    (entry): entry is [string, JsonValue] => entry[1] !== undefined,
  );
  return further.length === 0 ? undefined : Object.fromEntries(further);
}

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
