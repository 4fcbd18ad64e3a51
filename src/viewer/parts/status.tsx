/** The state of a turn, step or session: a word and a tone, never the tone alone. */
import { stateWord, toneOf } from '../view/format.js';
import type { AnyState } from '../view/format.js';

export function Status({ state }: { state: AnyState }) {
  return (
    <span class="status" data-tone={toneOf(state)} data-live={state === 'running'}>
      <span class="status-dot" aria-hidden="true" />
      {stateWord(state)}
    </span>
  );
}
