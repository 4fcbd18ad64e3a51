/** Reads turn events back from the frames that watchers of the gateway are told. */
import type { TurnEvent } from '../../events/turn-event.js';

const decoder = new TextDecoder();

/** @param bytes whole frames, as `frameOf` writes them. */
export function turnEventsIn(bytes: Uint8Array): readonly TurnEvent[] {
  return decoder
    .decode(bytes)
    .split('\n')
    .flatMap((line) => (line.startsWith('data: ') ? [asTurnEvent(JSON.parse(line.slice(6)))] : []));
}

/** We wrote it a moment ago, in this process. */
function asTurnEvent(value: unknown): TurnEvent {
  return value as TurnEvent;
}
