/** Starts a turn. */
import { useId, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { messageOf } from '../net/problem.js';
import { turnHref } from '../route.js';
import { newTurnOf } from '../view/new-turn.js';
import { AgentField } from './agent-field.js';
import { Dialog } from './dialog.js';
import { Problem } from './error-note.js';

export function NewTurn({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const [agent, setAgent] = useState('');
  const [input, setInput] = useState('');
  const [turnId, setTurnId] = useState('');
  const [more, setMore] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const start = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { turn_id } = await api.startTurn(newTurnOf({ agent, input, turnId, more }));
      onClose();
      location.hash = turnHref(turn_id);
    } catch (thrown) {
      setProblem(messageOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Start a turn" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <AgentField value={agent} onChange={setAgent} />
        <label for={`${id}-input`}>Message</label>
        <textarea
          id={`${id}-input`}
          rows={4}
          required
          value={input}
          onInput={(event) => setInput(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
              event.currentTarget.form?.requestSubmit();
          }}
        />
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
        {problem === undefined ? null : <Problem message={problem} />}
        <div class="buttons">
          <button type="submit" class="primary" disabled={busy}>
            Start turn
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </form>
    </Dialog>
  );
}
