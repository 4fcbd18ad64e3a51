import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf, validate } from './schema.js';
import type { Schema } from './schema.js';

const isStrict = (schema: Schema) => jsonSchemaOf(schema)?.strict;

describe('a schema is strict', () => {
  test('with every object in it closed', () => {
    const schema = z.object({
      to: z.array(z.object({ name: z.string() })),
      note: z.string().nullable(),
      kind: z.union([z.object({ a: z.literal(1) }), z.null()]),
    });
    const closed = (properties: object) => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    });
    expect(jsonSchemaOf(schema)).toEqual({
      strict: true,
      schema: closed({
        to: { type: 'array', items: closed({ name: { type: 'string' } }) },
        note: { type: ['string', 'null'] },
        kind: { anyOf: [closed({ a: { type: 'number', const: 1 } }), { type: 'null' }] },
      }),
    });
  });

  test('also when properties are named like keywords', () => {
    const inner = z.object({ x: z.string() });
    const schema = z.object({ default: inner, enum: inner, required: inner, type: inner, not: inner });
    const { properties } = jsonSchemaOf(schema)?.schema ?? {};
    expect(isStrict(schema)).toBe(true);
    expect(JSON.stringify(properties).match(/"additionalProperties":false/g)).toHaveLength(5);
  });

  test('when it has no property at all', () => {
    expect(jsonSchemaOf(z.object({}))).toEqual({
      strict: true,
      schema: { type: 'object', properties: {}, required: [], additionalProperties: false },
    });
  });

  test('with formats that strict mode knows', () => {
    expect(isStrict(z.object({ at: z.iso.datetime(), id: z.uuid() }))).toBe(true);
  });
});

describe('a schema is sent as it is, and not strict, with', () => {
  test.each<[string, z.ZodType]>([
    ['an optional property', z.string().optional()],
    ['a default', z.string().default('x')],
    ['an open object', z.looseObject({})],
    ['a map', z.record(z.string(), z.number())],
    ['one of several, told apart', z.discriminatedUnion('k', [z.object({ k: z.literal(1) })])],
    ['a tuple', z.tuple([z.string()])],
    ['a format that strict mode refuses', z.url()],
    ['a pattern that looks ahead', z.string().regex(/^(?!x)/)],
    ['all of that deep inside', z.array(z.object({ a: z.array(z.url()) }))],
  ])('%s', (_name, part) => {
    const schema = z.object({ part });
    expect(jsonSchemaOf(schema)).toMatchObject({ strict: false, schema: { type: 'object' } });
    expect(JSON.stringify(jsonSchemaOf(schema)?.schema)).not.toContain('$schema');
  });
});

test('a library without JSON Schema gives none', () => {
  const plain: Schema = {
    '~standard': { version: 1, vendor: 'mine', validate: (value) => ({ value }) },
  };
  expect(jsonSchemaOf(plain)).toBeUndefined();
});

describe('validate', () => {
  test('gives the value as the schema makes it', async () => {
    const schema = z.object({ n: z.coerce.number(), unit: z.string().default('m') });
    expect(await validate(schema, { n: '3' })).toEqual({ value: { n: 3, unit: 'm' } });
  });

  test('names each field and what is wrong with it', async () => {
    const checked = await validate(z.object({ a: z.object({ b: z.string() }), c: z.number() }), {
      a: { b: 1 },
    });
    expect(checked).toEqual({ problem: expect.stringMatching(/^a\.b: .+; c: .+/) });
  });

  test('waits for schemas that ask somebody', async () => {
    const schema = z.string().refine((text) => Promise.resolve(text === 'yes'), 'say yes');
    expect(await validate(schema, 'no')).toEqual({ problem: 'say yes' });
  });

  test('takes paths of keys and of segments', async () => {
    const schema: Schema = {
      '~standard': {
        version: 1,
        vendor: 'mine',
        validate: () => ({ issues: [{ message: 'bad', path: ['a', { key: 0 }] }, { message: 'worse' }] }),
      },
    };
    expect(await validate(schema, 1)).toEqual({ problem: 'a.0: bad; worse' });
  });
});
