// The layers of the house as a value. Who changes the table changes the picture in ARCHITECTURE.md with it.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Layer {
  /** Other layers that it may import at run time; `import type` is free. */
  readonly layers: readonly string[];
  /** Packages, with all below them; `node:` stands for every Node module. */
  readonly packages: readonly string[];
}

const ANYTHING = 'anything';
const LAYERS: Readonly<Record<string, Layer | typeof ANYTHING>> = {
  events: { layers: [], packages: [] },
  synthesizer: { layers: ['events'], packages: [] },
  logger: { layers: ['events'], packages: [] },
  protocol: { layers: ['events'], packages: ['@temporalio/common', '@temporalio/workflow'] },
  history: { layers: ['events', 'protocol'], packages: ['@temporalio/common'] },
  // The SDK of MCP is an optional peer, loaded for mcpTools({ url | command }) alone.
  agents: { layers: ['protocol'], packages: ['node:', '@modelcontextprotocol/sdk'] },
  workflows: {
    layers: ['events', 'protocol'],
    // The second is the alias of the user's workflows in a worker's bundle: entry.ts.
    packages: ['@temporalio/workflow', 'durable-turns-user-workflows'],
  },
  activities: {
    layers: ['events', 'synthesizer', 'protocol', 'history', 'agents'],
    packages: ['@temporalio/activity', 'openai', 'node:'],
  },
  plugin: { layers: ['activities', 'agents'], packages: ['@temporalio/plugin', 'node:'] },
  index: { layers: ['plugin', 'agents', 'protocol', 'events'], packages: [] },
  client: {
    layers: ['events', 'protocol', 'history'],
    packages: ['@temporalio/client', '@temporalio/envconfig', 'node:'],
  },
  otel: {
    layers: ['protocol'],
    packages: ['@opentelemetry/api', '@temporalio/workflow', 'node:'],
  },
  gateway: {
    layers: ['events', 'protocol', 'logger', 'client'],
    packages: ['hono', '@hono/node-server', 'ajv', 'prom-client', 'node:'],
  },
  cli: {
    layers: ['events', 'protocol', 'logger', 'client', 'gateway', 'synthesizer', 'dev', 'testing'],
    packages: ['hono', '@hono/node-server', 'commander', 'node:'],
  },
  viewer: { layers: ['events'], packages: ['preact', 'eventsource-parser'] },
  testing: ANYTHING,
  dev: ANYTHING,
};

/** Doors that hand on the names of layers below them, beside those of their own layer. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'src/events.ts': ['logger'],
};

const LONGEST_FILE = 350;
const MEDIAN_FILE = 120;

/** Files whose one named function casts through `unknown`, and says why. */
const CASTS: readonly string[] = ['src/protocol/check-turn-input.ts'];

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = scripts('src').filter((file) => !file.endsWith('.test.ts'));
const imports = sources.flatMap((file) => runtimeImports(read(file)).map((to) => resolved(file, to)));

function scripts(dir: string): string[] {
  if (!existsSync(join(root, dir))) return [];
  const files = readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${dir}/${file.replaceAll('\\', '/')}`)
    .toSorted();
}

/** What a file loads at run time: static and dynamic imports, and exports from elsewhere. */
function runtimeImports(text: string): string[] {
  const found = withoutComments(text).matchAll(
    /^(?:import|export)\s(?!type\s)[^;'"`]*?from\s*'([^']+)'|^import\s*'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...found].map(([, named, bare, dynamic]) => named ?? bare ?? dynamic ?? '');
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

function resolved(file: string, to: string): Import {
  const target = to.startsWith('.') ? layerOf(join(file, '..', to)) : to;
  return { file, from: layerOf(file), to: target };
}

/** `src/events/turn-event.ts` is of `events`, `src/plugin.ts` of `plugin`. */
function layerOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.[jt]s$/, '');
}

function isAllowed({ file, from, to }: Import): boolean {
  const layer = LAYERS[from];
  if (layer === undefined) return false;
  if (layer === ANYTHING || from === to || layer.layers.includes(to)) return true;
  if (DOORS[file]?.includes(to)) return true;
  return layer.packages.some((name) => to === name || to.startsWith(name.endsWith(':') ? name : `${name}/`));
}

describe('layers', () => {
  test('every file of src is in a layer of the table', () => {
    expect(sources.filter((file) => LAYERS[layerOf(file)] === undefined)).toEqual([]);
  });

  test('no file loads at run time what its layer may not', () => {
    const wrong = imports.filter((entry) => !isAllowed(entry));
    expect(wrong.map(({ file, to }) => `${file} loads ${to}`)).toEqual([]);
  });

  test('no layer reaches itself through others', () => {
    const edges = new Map<string, Set<string>>();
    for (const { file, from, to } of imports) {
      if (from === to || LAYERS[to] === undefined || DOORS[file]?.includes(to)) continue;
      edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
    const reaches = (from: string, to: string, seen: Set<string>): boolean =>
      [...(edges.get(from) ?? [])].some(
        (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
      );
    expect([...edges.keys()].filter((layer) => reaches(layer, layer, new Set()))).toEqual([]);
  });
});

describe('sizes', () => {
  const sizes = sources.map((file) => ({ file, lines: read(file).split('\n').length - 1 }));

  test(`no file of src has more than ${LONGEST_FILE} lines`, () => {
    expect(sizes.filter(({ lines }) => lines > LONGEST_FILE)).toEqual([]);
  });

  test(`half of the files of src have fewer than ${MEDIAN_FILE} lines`, () => {
    const sorted = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(MEDIAN_FILE);
  });
});

describe('types', () => {
  const files = ['src', 'test', 'examples', 'bench'].flatMap(scripts);
  const withCode = (pattern: RegExp): string[] =>
    files.filter((file) => pattern.test(withoutComments(read(file))));

  test('nothing is typed any', () => {
    expect(withCode(/:\s*any\b|[<]any\b|\bas\sany\b|\bany\[\]/)).toEqual([]);
  });

  test('a cast through unknown stands only where it is explained', () => {
    expect(withCode(/\bas unknown as\b/)).toEqual(CASTS);
  });
});
