/** The dialog in which people start something: an agent, what to say to it, and what else is asked. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { messageOf } from '../net/problem.js';
import { AgentField } from './agent-field.js';
import { Dialog } from './dialog.js';
import { Problem } from './error-note.js';

export interface StartFormProps {
  readonly title: string;
  readonly inputLabel: string;
  readonly submitLabel: string;
  /** Starts it, and gives the page where it is shown. */
  readonly start: (agent: string, input: string) => Promise<string>;
  readonly onClose: () => void;
  /** Further fields. */
  readonly children: ComponentChildren;
}

export function StartForm({ title, inputLabel, submitLabel, start, onClose, children }: StartFormProps) {
  const [agent, setAgent] = useState('');
  const [input, setInput] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const submit = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const page = await start(agent, input);
      onClose();
      location.hash = page;
    } catch (thrown) {
      setProblem(messageOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <AgentField value={agent} onChange={setAgent} />
        <label for={`${id}-input`}>{inputLabel}</label>
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
        {children}
        {problem === undefined ? null : <Problem message={problem} />}
        <div class="buttons">
          <button type="submit" class="primary" disabled={busy}>
            {submitLabel}
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </form>
    </Dialog>
  );
}
