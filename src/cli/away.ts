/** Tells whoever waits for a turn that the server is away, and that it is back: reading goes on by itself and says nothing. */
import type { TurnClient } from '../client/index.js';
import { grpcOf } from './explain.js';

type Client = TurnClient['client'];

/** Shorter than a person's patience with a page that stands still. */
const LOOK_MS = 5_000;
/** gRPC's DEADLINE_EXCEEDED and UNAVAILABLE. Whatever else a server says, it is there. */
const AWAY: readonly unknown[] = [4, 14];

export interface Away {
  /** Something came: the server is there, and need not be asked. */
  heard(): void;
  stop(): void;
}

export function tellWhenAway({ connection }: Client, say: (text: string) => void): Away {
  let heard = false;
  let away = false;
  let stopped = false;
  const look = async (): Promise<void> => {
    const answers = heard || (await answersNow(connection));
    heard = false;
    if (stopped) return;
    if (away && answers) say('Temporal answers again.\n');
    if (!away && !answers)
      say('\nTemporal does not answer. This waits until it does, and misses nothing; Ctrl-C leaves.\n');
    away = !answers;
    timer = setTimeout(() => void look(), LOOK_MS);
  };
  let timer = setTimeout(() => void look(), LOOK_MS);
  return {
    heard: () => {
      heard = true;
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function answersNow(connection: Client['connection']): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + LOOK_MS, () => connection.workflowService.getSystemInfo({}));
    return true;
  } catch (error) {
    return !(error instanceof Error && AWAY.includes(grpcOf(error)?.code));
  }
}
