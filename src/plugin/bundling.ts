/**
 * Puts our workflows beside the user's in one bundle. Temporal bundles one path, so that path becomes our
 * entry, and the user's path an alias in it: nothing is written to disk, and it works for files and folders.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '@temporalio/worker';
import { ConfigurationError } from '../agents/configuration-error.js';

/** From source the files end in .ts, from the package in .js. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const workflowFile = (name: string): string =>
  fileURLToPath(new URL(`../workflows/${name}.${EXTENSION}`, import.meta.url));

/** Our workflows alone: for workers without workflows of their own. */
export const WORKFLOWS_PATH = workflowFile('index');
const ENTRY_PATH = workflowFile('entry');
const USER_ALIAS = 'durable-turns-user-workflows$';

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];
type WebpackPlugin = Extract<NonNullable<WebpackConfig['plugins']>[number], (...args: never[]) => unknown>;

/** Safe to apply twice: plugins of a connection are also plugins of its workers. */
export function withOurWorkflows(options: BundleOptions): BundleOptions {
  const { workflowsPath, webpackConfigHook } = options;
  if (workflowsPath === WORKFLOWS_PATH || workflowsPath === ENTRY_PATH) return options;
  // Bundlers of users and ours must find the same file when a user re-exports our workflows.
  const userPath = resolved(workflowsPath);
  return {
    ...options,
    workflowsPath: ENTRY_PATH,
    webpackConfigHook: (config) => {
      const ours = withAlias(config, userPath);
      return webpackConfigHook ? webpackConfigHook(ours) : ours;
    },
  };
}

function withAlias(config: WebpackConfig, userPath: string): WebpackConfig {
  const rules = config.module?.rules ?? [];
  return {
    ...config,
    plugins: [...(config.plugins ?? []), tellClash],
    resolve: { ...config.resolve, alias: withMember(config.resolve?.alias, userPath) },
    module: {
      ...config.module,
      // Two workflows of one name would silently become none: webpack drops names that are exported twice.
      rules: [
        ...rules,
        { test: (path: string) => path === ENTRY_PATH, parser: { reexportExportsPresence: 'error' } },
      ],
    },
  };
}

/** webpack only logs what is wrong with a bundle; this is thrown by Worker.create. */
const tellClash: WebpackPlugin = (compiler) => {
  compiler.hooks.afterCompile.tap('durable-turns', ({ errors }) => {
    for (const { message } of errors) {
      const name = /conflicting star exports for the name '(\w+)'/.exec(message)?.[1];
      if (name === undefined) continue;
      throw new ConfigurationError(
        `the workflow ${name} exists twice: workflowsPath exports one under a name that durable-turns has; rename yours`,
      );
    }
  });
};

/** webpack takes aliases as an object or as a list. */
function withMember(alias: NonNullable<WebpackConfig['resolve']>['alias'], userPath: string) {
  if (Array.isArray(alias))
    return [...alias, { name: USER_ALIAS.slice(0, -1), alias: userPath, onlyModule: true }];
  return { ...alias, [USER_ALIAS]: userPath };
}

function resolved(path: string): string {
  try {
    return createRequire(import.meta.url).resolve(path);
  } catch {
    return path;
  }
}
