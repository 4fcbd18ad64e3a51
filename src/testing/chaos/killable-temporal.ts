/** A Temporal dev server that a test kills and starts again, with all that it had stored. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporal } from '../../dev/index.js';
import type { EmbeddedTemporal, StartTemporalOptions } from '../../dev/index.js';
import { signal } from './killable.js';
import type { Killable } from './killable.js';

/** Those of `startTemporal`. */
export type KillableTemporalOptions = Omit<StartTemporalOptions, 'uiPort'>;

/** Its address stays the same. `stop` also deletes the database, if it was not given. */
export interface KillableTemporal extends Killable, Pick<EmbeddedTemporal, 'address' | 'namespace'> {}

/**
 * A Temporal dev server with a database file. Killed and restarted it goes on where it stood, on the same port.
 * Throws as `startTemporal` does.
 */
export async function startKillableTemporal(
  options: KillableTemporalOptions = {},
): Promise<KillableTemporal> {
  const dir = options.dbFilename === undefined ? await mkdtemp(join(tmpdir(), 'temporal-')) : undefined;
  const dbFilename = options.dbFilename ?? join(dir ?? '', 'temporal.db');
  const removeDir = async (): Promise<void> => {
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  };
  let server: EmbeddedTemporal;
  try {
    server = await startTemporal({ ...options, dbFilename });
  } catch (error) {
    await removeDir();
    throw error;
  }
  const { address, namespace } = server;
  const port = Number(address.split(':').at(-1));
  const end = async (first: 'SIGKILL' | 'SIGCONT'): Promise<void> => {
    signal(server.pid, first);
    await server.stop();
  };
  return {
    address,
    namespace,
    get pid() {
      return server.pid;
    },
    kill: () => end('SIGKILL'),
    pause: () => signal(server.pid, 'SIGSTOP'),
    resume: () => signal(server.pid, 'SIGCONT'),
    restart: async () => {
      await end('SIGCONT');
      server = await startTemporal({ ...options, port, dbFilename });
    },
    stop: async () => {
      await end('SIGCONT');
      await removeDir();
    },
  };
}
