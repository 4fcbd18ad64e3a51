/**
 * What a stateless session said before this turn: the transcripts of its earlier turns, each of which names the
 * one before it. Nobody needs to know more than what follows the last `compaction` item, in which a server that
 * offers it has summed up all before.
 */
import type { Context } from '@temporalio/activity';
import type { JsonObject } from '../events/json.js';
import { fail } from '../protocol/failures.js';
import { Remembered } from './remembered.js';
import { turnTranscript } from './transcript.js';
import type { TurnTranscript } from './transcript.js';
import { unanswered } from './unanswered.js';
import type { OurTools } from './unanswered.js';

/** Beyond the context of any model, and what one request should carry. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Turns of a session have ended before the next one begins: each worker reads them once. */
const earlier = new Remembered<TurnTranscript>(64 * 1024 * 1024);

/** @throws ApplicationFailure of type TranscriptTooLong or TranscriptExpired */
export async function earlierTurns(
  client: Context['client'],
  previousTurnId: string,
  tools: OurTools,
): Promise<readonly JsonObject[]> {
  const turns: (readonly JsonObject[])[] = [];
  let bytes = 0;
  for (let turnId: string | undefined = previousTurnId; turnId !== undefined;) {
    const { items, previousTurnId: before } = await transcriptOfTurn(client, turnId);
    // What a cancelled turn left open is answered here: a call without an output is refused.
    const whole = [...items, ...unanswered(items, tools).map(({ aborted }) => aborted)];
    const needed = sinceCompaction(whole);
    turns.unshift(needed);
    bytes += Buffer.byteLength(JSON.stringify(needed));
    if (bytes > MAX_BYTES) {
      const message = `What the session said before is more than ${MAX_BYTES} bytes of JSON`;
      throw fail('TranscriptTooLong', { message });
    }
    turnId = needed.length < whole.length || isCompaction(needed[0]) ? undefined : before;
  }
  return turns.flat();
}

/** The last compaction item and what follows it; everything where there is none. Pure. */
export function sinceCompaction(items: readonly JsonObject[]): readonly JsonObject[] {
  return items.slice(Math.max(0, items.findLastIndex(isCompaction)));
}

function isCompaction(item: JsonObject | undefined): boolean {
  return item?.['type'] === 'compaction';
}

async function transcriptOfTurn(client: Context['client'], turnId: string): Promise<TurnTranscript> {
  const known = earlier.get(turnId);
  if (known) return known;
  const transcript = await turnTranscript(client, turnId);
  earlier.set(turnId, transcript, Buffer.byteLength(JSON.stringify(transcript.items)));
  return transcript;
}
