import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { RunCommand } from './run-command.js';

// In a process of its own: the SDK installs its native Runtime for the process that downloads, which would
// keep the application from installing one with its own options, and the download can only be ended by a kill.
const SCRIPT = `
  const [testing, version, downloadDir] = process.argv.slice(1);
  require(testing).TestWorkflowEnvironment
    .createLocal({ server: { executable: { type: 'cached-download', version, downloadDir } } })
    .then((environment) => environment.teardown())
    .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

export interface SdkDownloadOptions {
  /** The CLI's version, e.g. `1.9.1`. */
  readonly version: string;
  /** Gets the download; the caller removes it. */
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly run: RunCommand;
}

/** The Temporal CLI by the SDK's own download (temporal.download). Rejects with what the SDK said. */
export async function downloadWithSdk({
  version,
  dir,
  env,
  signal,
  run,
}: SdkDownloadOptions): Promise<Buffer> {
  const testing = createRequire(import.meta.url).resolve('@temporalio/testing');
  await run(process.execPath, ['-e', SCRIPT, testing, `v${version}`, dir], { env, signal });
  return readFile(join(dir, `temporal-v${version}${process.platform === 'win32' ? '.exe' : ''}`));
}
