// Recorded turns that break at one border of one of their responses each, and the agents that play them.

import { defineAgent } from '../../src/index.js';
import type { Agent } from '../../src/index.js';
import { objectOf, textOf } from '../../src/synthesizer/json-reader.js';
import { reply } from '../../src/testing/index.js';
import type { ReplyStep } from '../../src/testing/index.js';
import type { CutTurn } from './cut-turns.js';
import { recordedTurns } from './fixtures.js';
import type { RecordedStream } from './fixtures.js';
import {
  finalText,
  isTyped,
  outputOf,
  recordedTools,
  userTurnsOf,
  withoutRereads,
} from './recorded-agent.js';

export const RECORDED = recordedTurns().map(withoutRereads);

/**
 * How a turn is played. In a conversation a response that breaks off is lost, or it is kept: it is completed all the
 * same, so what it said is in the conversation, and nobody has heard the end of it.
 */
export const WAYS = [
  'connected',
  'background',
  'conversation',
  'conversation, kept',
  'conversation, background',
] as const;

export type Way = (typeof WAYS)[number];

export const isBackground = (way: Way): boolean => way.endsWith('background');

export interface Recording extends CutTurn {
  readonly recording: string;
  readonly way: Way;
  readonly streams: readonly RecordedStream[];
}

/** How many events of a stream come before a cut, for each turn that it is to make. */
export type Borders = (stream: RecordedStream) => readonly number[];

/** `bordersOf` is asked once for each recording and way. */
export function recordings(bordersOf: () => Borders): readonly Recording[] {
  return RECORDED.flatMap((recorded) =>
    WAYS.flatMap((way) => {
      const borders = bordersOf();
      return userTurnsOf(recorded).flatMap((streams, index) =>
        streams.flatMap((stream, response) =>
          borders(stream).map((events) => ({
            recording: recorded.name,
            agent: agentName(recorded.name, isBackground(way)),
            input: `${recorded.name}, ${way}, ${index}: ${response}, ${events}`,
            responses: streams.length,
            finalText: finalText(streams.at(-1)),
            cut: { response, events, committed: way === 'conversation, kept' },
            way,
            streams,
          })),
        ),
      );
    }),
  );
}

/** Of each recorded turn, in the background and not. */
export function recordedAgents(options: Pick<Agent, 'inference'> = {}): readonly Agent[] {
  return RECORDED.flatMap((recorded) => {
    const tools = recordedTools(recorded);
    return [false, true].map((background) =>
      defineAgent({
        ...options,
        name: agentName(recorded.name, background),
        model: 'recorded-model',
        tools,
        background,
      }),
    );
  });
}

/**
 * As the worker that is killed knows them. A worker that gets no time for so long is taken for dead while its request
 * is on its way, and then an answer may be in a conversation twice: no server can tell.
 */
export function killableAgents(): readonly Agent[] {
  return recordedAgents({ inference: { heartbeatTimeout: 3000 } });
}

/** What was recorded of a response. */
export function recordedSteps(turn: Recording, response: number, attempt: number): readonly ReplyStep[] {
  const played = playedStream(turn, response, attempt);
  return played ? [reply.recorded(played.events.filter(isTyped))] : [];
}

/**
 * A recorded response with ids of its own, and its items too: a server says nothing twice under one id, and here many
 * turns play one recording on one server.
 * @param attempt counts the requests for this response, from 1
 */
export function playedStream(
  { streams, input }: Pick<Recording, 'streams' | 'input'>,
  response: number,
  attempt: number,
): RecordedStream | undefined {
  const stream = streams[response];
  if (!stream) return undefined;
  const said = stream.events.flatMap(({ item, response: whole }) => [item, whole]).map(objectOf);
  const ids = new Set([...said, ...outputOf(stream)].flatMap((named) => textOf(named?.['id']) || []));
  const suffix = `${idSuffix(input)}${attempt}`;
  const events: RecordedStream['events'] = JSON.parse(
    [...ids].reduce(
      (json, id) => json.replaceAll(`"${id}"`, `"${id}${suffix}"`),
      JSON.stringify(stream.events),
    ),
  );
  return { ...stream, events };
}

/** What the ids of a turn have, and those of no other. */
export const idSuffix = (input: string): string => `_${input.replaceAll(/\W/g, '_')}_`;

function agentName(recording: string, background: boolean): string {
  return `${recording}${background ? '-background' : ''}`;
}
