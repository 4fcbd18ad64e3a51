// Recorded turns that break at one border of one of their responses each, and the agents that play them.

import { defineAgent } from '../../src/index.js';
import type { Agent } from '../../src/index.js';
import { textOf } from '../../src/synthesizer/json-reader.js';
import { reply } from '../../src/testing/index.js';
import type { ReplyStep } from '../../src/testing/index.js';
import type { CutTurn } from './cut-turns.js';
import { recordedTurns } from './fixtures.js';
import type { RecordedStream } from './fixtures.js';
import {
  finalText,
  isTyped,
  recordedTools,
  terminal,
  userTurnsOf,
  withoutRereads,
} from './recorded-agent.js';

export const RECORDED = recordedTurns().map(withoutRereads);

export interface Recording extends CutTurn {
  readonly recording: string;
  readonly background: boolean;
  readonly streams: readonly RecordedStream[];
}

/** How many events of a stream come before a cut, for each turn that it is to make. */
export type Borders = (stream: RecordedStream) => readonly number[];

/** `bordersOf` is asked once for each recording, in the background and not. */
export function recordings(bordersOf: () => Borders): readonly Recording[] {
  return RECORDED.flatMap((recorded) =>
    [false, true].flatMap((background) => {
      const borders = bordersOf();
      return userTurnsOf(recorded).flatMap((streams, index) =>
        streams.flatMap((stream, response) =>
          borders(stream).map((events) => ({
            recording: recorded.name,
            agent: agentName(recorded.name, background),
            input: `${recorded.name} ${background} ${index}: ${response}, ${events}`,
            responses: streams.length,
            finalText: finalText(streams.at(-1)),
            cut: { response, events },
            background,
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

/** As the worker that is killed knows them. */
export function killableAgents(): readonly Agent[] {
  return recordedAgents({ inference: { heartbeatTimeout: 1000 } });
}

/** What was recorded of a response. The turns run side by side on one server, so each has its own ids of responses. */
export function recordedSteps({ streams, input }: Recording, response: number): readonly ReplyStep[] {
  const stream = streams[response];
  if (!stream) return [];
  const id = textOf(terminal(stream)['id']);
  const events: RecordedStream['events'] = JSON.parse(
    JSON.stringify(stream.events).replaceAll(id, `${id}_${input.replaceAll(/\W/g, '_')}`),
  );
  return [reply.recorded(events.filter(isTyped))];
}

function agentName(recording: string, background: boolean): string {
  return `${recording}${background ? '-background' : ''}`;
}
