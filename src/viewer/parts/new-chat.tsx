/** Starts a session with its first message. */
import { useId, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { sessionHref } from '../route.js';
import { randomId } from '../view/random-id.js';
import { StartForm } from './start-form.js';

export function NewChat({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const [sessionId, setSessionId] = useState(() => randomId('chat'));
  const id = useId();
  const start = async (agent: string, input: string): Promise<string> => {
    await api.send(sessionId.trim(), { agent: agent.trim(), input, message_id: randomId('m') });
    return sessionHref(sessionId.trim());
  };
  return (
    <StartForm
      title="Start a chat"
      inputLabel="First message"
      submitLabel="Start chat"
      start={start}
      onClose={onClose}
    >
      <label for={`${id}-session`}>Session id</label>
      <input
        id={`${id}-session`}
        required
        value={sessionId}
        onInput={(event) => setSessionId(event.currentTarget.value)}
      />
    </StartForm>
  );
}
