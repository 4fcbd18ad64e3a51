// docker-compose.yml and Dockerfile, as far as they can be tried without a Docker daemon: Compose reads the file
// where it is installed, its structure is checked everywhere, and the worker's commands run as plain processes in
// a directory that is built as the image is. The images of others are not run.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { TurnClient } from '../src/client/index.js';
import { freePort } from '../src/dev/index.js';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const compose = read('docker-compose.yml');
const { services, volumes } = parse(compose) as {
  services: Readonly<Record<string, Service>>;
  volumes: Readonly<Record<string, unknown>>;
};
const dockerfile = read('Dockerfile');

/** What `.env` must say, with values that are nobody's. */
const REQUIRED = { POSTGRES_PASSWORD: 'p', OPENAI_API_KEY: 'k', DURABLE_TURNS_TOKENS: 't' };

const installed = [['docker', 'compose'], ['docker-compose']].find(
  ([command = '', ...args]) => spawnSync(command, [...args, 'version']).status === 0,
);

const checkedBy = installed?.join(' ') ?? 'ITS STRUCTURE ALONE, as no Docker Compose is installed here';

describe(`docker-compose.yml, checked by ${checkedBy}`, () => {
  test.runIf(installed)('is taken with and without Llama Stack, and asks for what .env must say', () => {
    const config = (env: Readonly<Record<string, string>>, ...args: string[]) => {
      const [command = '', ...before] = installed ?? [];
      const files = ['-f', join(root, 'docker-compose.yml'), '--env-file', join(root, '.env.example')];
      return spawnSync(command, [...before, ...files, ...args, 'config', '--quiet'], {
        env: { PATH: process.env['PATH'], ...env },
        encoding: 'utf8',
      });
    };
    expect(config(REQUIRED)).toMatchObject({ status: 0, stderr: '' });
    expect(config(REQUIRED, '--profile', 'llama-stack')).toMatchObject({ status: 0, stderr: '' });
    for (const name of Object.keys(REQUIRED)) {
      const missing = config({ ...REQUIRED, [name]: '' });
      expect(missing.status, name).not.toBe(0);
      expect(missing.stderr).toContain('.env.example');
    }
  });

  test('services wait for services that are there, and for health that is checked', () => {
    for (const [name, { depends_on = {}, profiles = [] }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const target = services[other];
        expect(target, `${name} → ${other}`).toBeDefined();
        if (condition === 'service_healthy') expect(target?.healthcheck, other).toBeDefined();
        // A service that is always on cannot wait for one of a profile.
        expect(profiles).toEqual(expect.arrayContaining([...(target?.profiles ?? [])]));
      }
    }
  });

  test('every service that stays is checked, and every volume is declared', () => {
    const runToTheirEnd = new Set(
      Object.values(services).flatMap(({ depends_on = {} }) =>
        Object.entries(depends_on).flatMap(([other, { condition }]) =>
          condition === 'service_completed_successfully' ? [other] : [],
        ),
      ),
    );
    for (const [name, service] of Object.entries(services)) {
      if (!runToTheirEnd.has(name)) expect(service.healthcheck?.test[0], name).toBe('CMD');
      for (const volume of service.volumes ?? []) expect(volumes).toHaveProperty(volume.split(':')[0] ?? '');
    }
  });

  test('holds no secret, opens ports to this machine only, and names versions', () => {
    for (const [name, { environment = {}, ports = [], image, build }] of Object.entries(services)) {
      const secrets = Object.entries(environment).filter(([key]) =>
        /PASSWORD|PWD|KEY|TOKEN|SECRET/.test(key),
      );
      for (const [key, value] of secrets) expect(value, `${name} ${key}`).toMatch(/^\$\{\w+:\?.*\}$/);
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
      if (build === undefined) expect(image, name).toMatch(/:(\$\{\w+:-)?v?\d[\w.-]*\}?$/);
    }
  });

  test('.env.example names every setting, and no secret', () => {
    const example = read('.env.example');
    for (const [, name] of compose.matchAll(/\$\{(\w+):\?/g))
      expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
    expect(read('.gitignore').split('\n')).toContain('.env');
  });
});

describe('Dockerfile', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1);

  test('its last stage has no compiler, no sources and no root', () => {
    const last = stages.at(-1) ?? '';
    expect(stages.length).toBeGreaterThan(1);
    expect(last).toMatch(/^USER node$/m);
    expect(last).not.toMatch(/^RUN |^COPY (?!--from|package\.json)/m);
  });

  test('.dockerignore lets nothing in but what is copied', () => {
    const [first, ...allowed] = read('.dockerignore').trim().split('\n');
    expect(first).toBe('*');
    expect(allowed.filter((line) => line.startsWith('!')).map((line) => line.slice(1))).toEqual([
      ...[
        'package.json',
        'package-lock.json',
        'tsconfig*.json',
        'vite.config.ts',
        'worker.ts',
        'events.schema.json',
        'src',
        'examples',
      ],
    ]);
  });
});

describe('the commands, in a directory that is built as the image is', () => {
  const app = mkdtempSync(join(tmpdir(), 'durable-turns-image-'));
  const taskQueue = `image-${randomUUID()}`;
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'production',
    TASK_QUEUE: taskQueue,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: inject('temporalNamespace'),
    OPENAI_BASE_URL: inject('responsesBaseUrl'),
    OPENAI_API_KEY: 'any',
    MODEL: inject('model'),
  };
  /** Node is this one: which it is in the image, the file says. */
  const inApp = ([, ...args]: readonly string[]) =>
    spawn(process.execPath, args, { cwd: app, env, stdio: 'ignore' });
  const healthOf = async (): Promise<unknown> => {
    const [, ...command] = services['worker']?.healthcheck?.test ?? [];
    const [status] = await once(
      spawn(process.execPath, command.slice(1), { cwd: app, env, stdio: 'ignore' }),
      'exit',
    );
    return status;
  };

  beforeAll(() => {
    const built = stageNamed('build');
    for (const [, list = ''] of built.matchAll(/^COPY (.+) \S+$/gm)) {
      for (const path of list.split(' ').flatMap(withoutGlob))
        cpSync(join(root, path), join(app, path), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
    const commands = (/^RUN (npm run .+)$/m.exec(built)?.[1] ?? '')
      .split(' && ')
      .map((line) => line.split(' '));
    for (const [command = '', ...args] of commands) {
      execFileSync(command, args, { cwd: app, stdio: 'pipe' });
    }
    rmSync(join(app, 'src'), { recursive: true });
    rmSync(join(app, 'worker.ts'));
  });

  afterAll(() => rmSync(app, { recursive: true, force: true }));

  test('CMD starts a worker that runs turns; the health check sees it; SIGTERM ends it well', async () => {
    expect(await healthOf()).not.toBe(0);

    const command = JSON.parse(/^CMD (.+)$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
    const worker = inApp(command);
    const exited = once(worker, 'exit');
    const connection = await Connection.connect({ address: env.TEMPORAL_ADDRESS });
    try {
      const client = new Client({ connection, namespace: env.TEMPORAL_NAMESPACE });
      const turn = await new TurnClient({ client, taskQueue }).start({ agent: 'assistant', input: 'Hello' });
      expect(await turn.result()).toMatchObject({ status: 'completed' });
      expect(await healthOf()).toBe(0);
    } finally {
      worker.kill('SIGTERM');
      await connection.close();
    }
    expect(await exited).toEqual([0, null]);
  });

  test('the gateway lets in who has a token; its health check sees it; SIGTERM ends it well', async () => {
    const { command = [], healthcheck } = services['gateway'] ?? {};
    const port = await freePort();
    const here = (args: readonly string[]) => args.map((arg) => arg.replaceAll('8484', String(port)));
    const run = ([, ...args]: readonly string[]) =>
      spawn(process.execPath, here(args), {
        cwd: app,
        env: gatewayEnv,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const gatewayEnv = { ...env, DURABLE_TURNS_TOKENS: 'secret' };
    const healthy = async (): Promise<unknown> =>
      (await once(run(healthcheck?.test.slice(1) ?? []), 'exit'))[0];
    expect(await healthy()).not.toBe(0);

    const gateway = run(command);
    const exited = once(gateway, 'exit');
    try {
      // It says where it is, or ends.
      await Promise.race([once(gateway.stdout, 'data'), exited]);
      expect(await healthy()).toBe(0);
      const progress = (headers: Record<string, string>) =>
        fetch(`http://127.0.0.1:${port}/turns/no-such-turn`, { headers });
      expect((await progress({})).status).toBe(401);
      expect((await progress({ authorization: 'Bearer secret' })).status).toBe(404);
    } finally {
      gateway.kill('SIGTERM');
    }
    expect(await exited).toEqual([0, null]);
  });
});

function stageNamed(name: string): string {
  return dockerfile.split(/^FROM /m).find((stage) => stage.split('\n', 1)[0]?.endsWith(` AS ${name}`)) ?? '';
}

function withoutGlob(path: string): readonly string[] {
  return path === 'tsconfig*.json'
    ? ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.worker.json']
    : [path];
}
