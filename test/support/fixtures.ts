/**
 * Recorded Responses streams. They are foreign and large, so they live in a folder beside the repository and
 * not in it. Importing this file throws when the folder is missing: these tests never skip.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../src/synthesizer/json-reader.js';
import type { JsonObject } from '../../src/events/index.js';
import { sharedDir } from './shared-dir.js';

/** One response as it was streamed. */
export interface RecordedStream {
  /** File name without `.jsonl`; `#2` and so on for later responses of one file. */
  readonly name: string;
  readonly events: readonly JsonObject[];
}

/** Recordings that belong together. */
export interface RecordedTurn {
  readonly name: string;
  readonly streams: readonly RecordedStream[];
  /** Before each stream but the first: the client's outputs that its request held; null where it was not recorded. */
  readonly outputs: readonly (readonly JsonObject[] | null)[];
}

const FOLDER = join(sharedDir('fixtures'), 'responses');

/** File names of all recordings, sorted. */
export function recordingFiles(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl'))
    .sort();
}

/** Every recorded response. A file can hold several: each begins with its own `response.created`. */
export function recordedStreams(): readonly RecordedStream[] {
  return recordingFiles().flatMap((file) => {
    const name = file.replace(/\.jsonl$/, '');
    return splitResponses(readEvents(file)).map((events, at) => ({
      name: at === 0 ? name : `${name}#${String(at + 1)}`,
      events,
    }));
  });
}

/** Every recorded turn. */
export function recordedTurns(): readonly RecordedTurn[] {
  const streams = recordedStreams();
  const turns: readonly {
    readonly name: string;
    readonly streams: readonly string[];
    readonly client_outputs_seen_in_later_requests: RecordedTurn['outputs'];
  }[] = JSON.parse(readFileSync(join(sharedDir('fixtures'), 'turns.json'), 'utf8'));
  return turns.map(({ name, streams: files, client_outputs_seen_in_later_requests: outputs }) => ({
    name,
    streams: files.flatMap((file) =>
      streams.filter((stream) => `${stream.name.replace(/#.*/, '')}.jsonl` === file),
    ),
    outputs,
  }));
}

function readEvents(file: string): readonly JsonObject[] {
  return readFileSync(join(FOLDER, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const event: unknown = JSON.parse(line);
      if (!isObject(event)) throw new Error(`${file} holds a line that is no event.`);
      return event;
    });
}

function splitResponses(events: readonly JsonObject[]): readonly (readonly JsonObject[])[] {
  const responses: JsonObject[][] = [];
  for (const event of events) {
    const current = responses.at(-1);
    if (!current || event['type'] === 'response.created') responses.push([event]);
    else current.push(event);
  }
  return responses;
}
