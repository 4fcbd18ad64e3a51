/** Starts a session with its first message. */
import { useId, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { messageOf } from '../net/problem.js';
import { sessionHref } from '../route.js';
import { randomId } from '../view/random-id.js';
import { AgentField } from './agent-field.js';
import { Dialog } from './dialog.js';
import { Problem } from './error-note.js';

export function NewChat({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const [agent, setAgent] = useState('');
  const [input, setInput] = useState('');
  const [sessionId, setSessionId] = useState(() => randomId('chat'));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const start = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const message = { agent: agent.trim(), input, message_id: randomId('m') };
      await api.send(sessionId.trim(), message);
      onClose();
      location.hash = sessionHref(sessionId.trim());
    } catch (thrown) {
      setProblem(messageOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Start a chat" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <AgentField value={agent} onChange={setAgent} />
        <label for={`${id}-input`}>First message</label>
        <textarea
          id={`${id}-input`}
          rows={3}
          required
          value={input}
          onInput={(event) => setInput(event.currentTarget.value)}
        />
        <label for={`${id}-session`}>Session id</label>
        <input
          id={`${id}-session`}
          required
          value={sessionId}
          onInput={(event) => setSessionId(event.currentTarget.value)}
        />
        {problem === undefined ? null : <Problem message={problem} />}
        <div class="buttons">
          <button type="submit" class="primary" disabled={busy}>
            Start chat
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </form>
    </Dialog>
  );
}
