/** Starts a turn. */
import { useId, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { turnHref } from '../route.js';
import { newTurnOf } from '../view/new-turn.js';
import { StartForm } from './start-form.js';

export function NewTurn({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const [turnId, setTurnId] = useState('');
  const [more, setMore] = useState('');
  const id = useId();
  const start = async (agent: string, input: string): Promise<string> => {
    const { turn_id } = await api.startTurn(newTurnOf({ agent, input, turnId, more }));
    return turnHref(turn_id);
  };
  return (
    <StartForm
      title="Start a turn"
      inputLabel="Message"
      submitLabel="Start turn"
      start={start}
      onClose={onClose}
    >
      <details>
        <summary>More</summary>
        <label for={`${id}-turn`}>Turn id</label>
        <input id={`${id}-turn`} value={turnId} onInput={(event) => setTurnId(event.currentTarget.value)} />
        <p class="quiet">The same id with the same input is the same turn. Empty: the gateway makes one.</p>
        <label for={`${id}-more`}>Further fields, as JSON</label>
        <textarea
          id={`${id}-more`}
          class="mono"
          rows={3}
          placeholder={'{"limits": {"max_seconds": 60}}'}
          value={more}
          onInput={(event) => setMore(event.currentTarget.value)}
        />
      </details>
    </StartForm>
  );
}
