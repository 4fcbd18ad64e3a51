/** Holds events.schema.json and docs/events.md to the types, by way of typed samples and lists of fields. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import { section, sections } from '../../test/support/contract-docs.js';
import type { DeltaShapes, EventShapes } from '../../test/support/contract-shapes.js';
import { fieldsOf, namedValues } from '../../test/support/contract-shapes.js';
import {
  changedAt,
  definition,
  definitions,
  deltaNames,
  eventNames,
  fields,
  isEvent,
  placesIn,
  typeOf,
  typeText,
} from '../../test/support/event-schema.js';
import { deltaSamples, eventSamples } from '../../test/support/samples.js';
import type { SessionEvent } from './session-event.js';
import type { Delta } from './turn-event.js';

const shapes = Object.keys(fieldsOf);
const events = Object.entries(eventSamples).flatMap(([name, { full, minimal }]) => [
  { name, which: 'full', sample: full },
  { name, which: 'minimal', sample: minimal },
]);
/** Deltas travel in a step_progress, so that is how they are tried. */
const deltas = Object.entries(deltaSamples).flatMap(([name, { full, minimal }]) => [
  { name, which: 'full', sample: { ...eventSamples.StepProgress.full, delta: full } },
  { name, which: 'minimal', sample: { ...eventSamples.StepProgress.full, delta: minimal } },
]);
const samples: readonly { name: string; which: string; sample: SessionEvent }[] = [...events, ...deltas];
const places = samples.flatMap(({ sample }) =>
  placesIn(definitionFor(sample), sample).map((place) => ({ ...place, sample })),
);

describe('the samples', () => {
  it('cover every member of the unions (a new one is a type error)', () => {
    expectTypeOf<SessionEvent>().toEqualTypeOf<EventShapes[keyof EventShapes]>();
    expectTypeOf<Delta>().toEqualTypeOf<DeltaShapes[keyof DeltaShapes]>();
  });

  it('use every field of every object, and each object also without its optional fields', () => {
    for (const name of shapes) {
      const used = places.filter((place) => place.name === name).map(({ keys }) => keys);
      const { required = [] } = definition(name);
      expect(new Set(used.flat()), name).toEqual(new Set(Object.keys(fields(name))));
      expect(Math.min(...used.map((keys) => keys.length)), name).toBe(required.length);
    }
  });
});

describe('events.schema.json', () => {
  it('has the objects of the types, and no others', () => {
    const objects = [...definitions.keys()].filter((name) => definition(name).properties);
    expect(objects.sort()).toEqual([...shapes].sort());
    expect([...eventNames].sort()).toEqual(Object.keys(eventSamples).sort());
    expect([...deltaNames].sort()).toEqual(Object.keys(deltaSamples).sort());
  });

  it.each(Object.entries(fieldsOf))(
    'has the fields of %s, required and optional as in the type',
    (name, typed) => {
      const { required = [], additionalProperties } = definition(name);
      const inSchema = Object.keys(fields(name)).map((field) => [
        field,
        required.includes(field) ? 'required' : 'optional',
      ]);
      expect(Object.fromEntries(inSchema)).toEqual(typed);
      expect(additionalProperties).toBe(false);
    },
  );

  it('has the values of the types', () => {
    const { TurnCompletedStatus, Delta: deltaTypes, ...named } = namedValues;
    for (const [name, values] of Object.entries(named)) expect(definition(name).enum, name).toEqual(values);
    expect(fields('TurnCompleted')['status']?.enum).toEqual(TurnCompletedStatus);
    expect(deltaNames.map(typeOf)).toEqual(deltaTypes);
  });

  it.each(samples)('accepts the $which $name', ({ sample }) => {
    expect(isEvent(sample)).toBe(true);
  });

  it('refuses every object without one of its required fields', () => {
    const accepted = places.flatMap(({ name, path, sample }) =>
      (definition(name).required ?? [])
        .filter((field) => isEvent(changedAt(sample, path, ({ [field]: _dropped, ...rest }) => rest)))
        .map((field) => `${name} without ${field}`),
    );
    expect(accepted).toEqual([]);
  });

  it('accepts every object without one of its optional fields', () => {
    const refused = places.flatMap(({ name, path, keys, sample }) =>
      keys
        .filter((field) => !definition(name).required?.includes(field))
        .filter((field) => !isEvent(changedAt(sample, path, ({ [field]: _dropped, ...rest }) => rest)))
        .map((field) => `${name} without ${field}`),
    );
    expect(refused).toEqual([]);
  });

  it('refuses an unknown field in every object', () => {
    const accepted = places.filter(({ path, sample }) =>
      isEvent(changedAt(sample, path, (object) => ({ ...object, surprise: 1 }))),
    );
    expect(accepted.map(({ name }) => name)).toEqual([]);
  });

  it('refuses a field of another type', () => {
    const wrong = { not: 'this' };
    const accepted = places.flatMap(({ name, path, keys, sample }) =>
      keys
        .filter((field) => !['JsonValue', 'JsonObject'].includes(typeText(fields(name)[field] ?? {})))
        .filter((field) => isEvent(changedAt(sample, path, (object) => ({ ...object, [field]: wrong }))))
        .map((field) => `${name}.${field}`),
    );
    expect(accepted).toEqual([]);
  });

  it('refuses a result or metadata of the other step type, and a time without milliseconds', () => {
    const { full } = eventSamples.InferenceCompleted;
    expect(isEvent({ ...full, step_type: 'tool_execution' })).toBe(false);
    expect(isEvent({ ...eventSamples.InferenceStarted.full, step_type: 'tool_execution' })).toBe(false);
    expect(isEvent({ ...full, at: '2026-01-05T12:00:00Z' })).toBe(false);
    expect(isEvent({ ...full, at: '2026-01-05T13:00:00.000+01:00' })).toBe(false);
  });
});

describe('docs/events.md', () => {
  const titles = new Map<string, string[]>();
  for (const name of shapes) {
    const title = [...eventNames, ...deltaNames].includes(name) ? typeOf(name) : name;
    titles.set(title, [...(titles.get(title) ?? []), name]);
  }

  it.each([...titles])('lists the fields of %s with their types', (title, names) => {
    const documented = section(title).rows.map(([field, type, required]) => [field, { type, required }]);
    const expected = Object.fromEntries(
      names
        .flatMap((name) => Object.keys(fields(name)))
        .map((field) => [field, describedField(names, field)]),
    );
    expect(Object.fromEntries(documented)).toEqual(expected);
  });

  it('names every value of the closed lists', () => {
    const { TurnCompletedStatus: _status, Delta: _types, ...named } = namedValues;
    const listed = section('Closed lists of values').rows.map(([name, values = '']) => [
      name,
      values.split(', '),
    ]);
    expect(Object.fromEntries(listed)).toEqual(named);
  });

  it.each([...new Set([...eventNames, ...deltaNames].map(typeOf))])(
    'shows an example of %s that keeps to the schema',
    (type) => {
      const { examples } = section(type);
      expect(examples.length).toBeGreaterThan(0);
      for (const text of examples) {
        const example: unknown = JSON.parse(text);
        expect(example).toMatchObject({ type });
        const inStep = { ...eventSamples.StepProgress.full, delta: example };
        expect(isEvent(example) || isEvent(inStep), text).toBe(true);
      }
    },
  );

  it('describes no object that does not exist', () => {
    const described = sections.filter(({ rows }) => rows.some((row) => row[2] === 'yes' || row[2] === 'no'));
    expect(described.map(({ name }) => name).filter((name) => !titles.has(name))).toEqual([]);
  });
});

function definitionFor(event: SessionEvent): string {
  const names = eventNames.filter((name) => typeOf(name) === event.type);
  const stepType = 'step_type' in event ? event.step_type : undefined;
  const name = names.find((candidate) => {
    const literal = fields(candidate)['step_type']?.const;
    return literal === undefined || literal === stepType;
  });
  if (name === undefined) throw new Error(`events.schema.json has no event ${event.type}.`);
  return name;
}

/** What the row of a field says; variants of one event share a table. */
function describedField(names: readonly string[], field: string): { type: string; required: string } {
  const types = names.map((name) => typeText(fields(name)[field] ?? {}));
  const required = names.every((name) => definition(name).required?.includes(field));
  return { type: [...new Set(types)].join(' or '), required: required ? 'yes' : 'no' };
}
