/** Recorded Responses events: one JSON object per line, as a server sent them. */
import type { JsonObject } from '../events/index.js';

/** A recording that cannot be read. The message names the file, the line and what is wrong with it. */
export class BrokenRecordingError extends Error {
  override readonly name = 'BrokenRecordingError';
}

/**
 * The events of a recording; empty lines are skipped.
 * @throws BrokenRecordingError at the first line that is not a JSON object with a `type`, and for an
 * empty recording.
 */
export function parseRecording(file: string, text: string): readonly JsonObject[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const events = lines.flatMap((line, at) =>
    line.trim() === '' ? [] : [eventOf(`${file}:${String(at + 1)}`, line)],
  );
  if (events.length === 0) throw new BrokenRecordingError(`${file}:1: no event: the recording is empty`);
  return events;
}

function eventOf(where: string, line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (thrown) {
    throw new BrokenRecordingError(
      `${where}: no JSON: ${thrown instanceof Error ? thrown.message : 'unreadable'}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BrokenRecordingError(`${where}: no event: a JSON object is expected`);
  const event = value as JsonObject;
  if (typeof event['type'] !== 'string') throw new BrokenRecordingError(`${where}: no event: it has no type`);
  return event;
}
