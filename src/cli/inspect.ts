/** `durable-turns inspect`: the turn events of recorded Responses streams, for people and for programs. */
import { EventLogger } from '../logger/event-logger.js';
import { parseRecording } from './recording.js';
import { recordedResponses } from './recorded-responses.js';
import { recordedTurn } from './recorded-turn.js';

export interface Recording {
  /** As errors name it. */
  readonly file: string;
  readonly text: string;
}

export interface Inspection {
  /** Turn events as JSON lines, or as the event logger prints them. */
  readonly text: string;
  /** What else is to be known, for standard error; often empty. */
  readonly notes: string;
}

/**
 * Tells the turn that the recordings make: one file for each of its responses, in their order.
 * @throws BrokenRecordingError for a line that holds no event.
 */
export function inspect(
  recordings: readonly Recording[],
  { pretty }: { readonly pretty: boolean },
): Inspection {
  const parsed = recordings.map(({ file, text }) => parseRecording(file, text));
  const { events, unknown_events } = recordedTurn(recordedResponses(parsed));
  const notes = unknown_events > 0 ? `${String(unknown_events)} events are of types that nobody knows\n` : '';
  if (!pretty) return { text: events.map((event) => `${JSON.stringify(event)}\n`).join(''), notes };
  const logger = new EventLogger();
  const text = events.map((event) => logger.log(event)).join('');
  return { text: text === '' || text.endsWith('\n') ? text : `${text}\n`, notes };
}
