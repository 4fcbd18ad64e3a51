/**
 * What a worker with the plugin bundles: our workflows beside those of the user, whose path stands behind
 * the alias `durable-turns-user-workflows` (see plugin/bundling.ts). A name that both export fails the bundling.
 */
import * as userWorkflows from 'durable-turns-user-workflows';

export * from './index.js';
export * from 'durable-turns-user-workflows';

/** A user's default export takes workflow types that nobody else does. Read by a computed name: it may be absent. */
const DEFAULT = 'default';
export default (userWorkflows as Readonly<Record<string, unknown>>)[DEFAULT];
