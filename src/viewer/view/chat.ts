/** A session as people read it: what was said, and the turn that answers it. Pure. */
import type { TurnProgress } from '../../events/progress.js';
import type { Message } from '../feed/messages.js';
import type { Row } from './timeline.js';

export interface Exchange {
  readonly turnId: string;
  /** The message that the turn is, then those that joined it. None is known of turns that began before all we read. */
  readonly messages: readonly Message[];
  /** Undefined: it waits for its turn. */
  readonly progress: TurnProgress | undefined;
  /** Turns whose messages this one may repeat: it took the place of the one before. */
  readonly repeats: readonly string[];
}

/** Turns in the order in which they ran, then the messages that wait. */
export function chatOf(
  messages: readonly Message[],
  turns: ReadonlyMap<string, TurnProgress>,
): readonly Exchange[] {
  const ran: Exchange[] = [];
  for (const [turnId, progress] of turns) {
    const before = ran.at(-1);
    ran.push({
      turnId,
      messages: messages.filter(({ turn_id, joined }) => (joined ?? turn_id) === turnId),
      progress,
      repeats: before?.progress?.state === 'cancelled' ? saidIn(before) : NONE,
    });
  }
  const wait = messages
    .filter(({ turn_id, joined }) => joined === undefined && !turns.has(turn_id))
    .map((message) => ({ turnId: message.turn_id, messages: [message], progress: undefined, repeats: NONE }));
  return [...ran, ...wait];
}

const NONE: readonly string[] = [];

/** The turns, begun or not, whose input was said to this one. */
function saidIn({ turnId, messages }: Exchange): readonly string[] {
  return [...new Set([turnId, ...messages.map(({ turn_id }) => turn_id)])];
}

/** A row of the answer, or a message that joined it on its way. */
export type Part =
  { readonly kind: 'row'; readonly row: Row } | { readonly kind: 'joined'; readonly message: Message };

/** A message joins before the first response that began after it was sent. */
export function partsOf(rows: readonly Row[], joined: readonly Message[]): readonly Part[] {
  const waiting = [...joined];
  const parts: Part[] = [];
  for (const row of rows) {
    const began = row.kind === 'step' && row.step.step_type === 'inference' ? row.step.started_at : '';
    while (waiting[0] && waiting[0].at < began) {
      const [message] = waiting.splice(0, 1);
      if (message) parts.push({ kind: 'joined', message });
    }
    parts.push({ kind: 'row', row });
  }
  return [...parts, ...waiting.map((message) => ({ kind: 'joined', message }) as const)];
}
