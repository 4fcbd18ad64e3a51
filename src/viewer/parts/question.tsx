/** A question that the turn waits for: approve or deny, or give the output of a tool that somebody else runs. */
import { useId, useState } from 'preact/hooks';
import type { OpenInput } from '../../events/progress.js';
import { useApp } from '../app-context.js';
import { messageOf } from '../net/problem.js';
import type { Decision } from '../net/wire.js';
import { outputOf } from '../view/output.js';
import { prettyText } from '../view/json-text.js';
import { Code } from './code.js';
import { Problem } from './error-note.js';
import { Until } from './time.js';

interface QuestionProps {
  readonly turnId: string;
  readonly input: OpenInput;
}

type Sent = { readonly state: 'open' | 'sent' } | { readonly state: 'refused'; readonly message: string };

export function Question({ turnId, input }: QuestionProps) {
  const { api, announce } = useApp();
  const [sent, setSent] = useState<Sent>({ state: 'open' });
  const decide = async (decision: Decision): Promise<void> => {
    setSent({ state: 'sent' });
    try {
      await api.resolve(turnId, input, decision);
      announce('Your answer was taken.');
    } catch (thrown) {
      setSent({ state: 'refused', message: messageOf(thrown) });
    }
  };
  const form = { input, busy: sent.state === 'sent', decide: (decision: Decision) => void decide(decision) };
  const approval = input.kind === 'approval';
  return (
    <section class="question" data-question tabIndex={-1} aria-label={`Question about ${input.tool_name}`}>
      <h4>
        {approval ? 'Allow ' : 'Waits for the output of '}
        <code>{input.tool_name}</code>
        {input.server_label === undefined ? null : <> at {input.server_label}</>}
        {approval ? '?' : null}
      </h4>
      <Code text={prettyText(input.arguments)} label={`arguments of ${input.tool_name}`} />
      {input.expires_at === undefined ? null : (
        <p class="quiet">
          Expires <Until at={Date.parse(input.expires_at)} past="now" />.
        </p>
      )}
      {approval ? <ApprovalForm {...form} /> : <OutputForm {...form} />}
      {sent.state === 'refused' ? <Problem message={sent.message} /> : null}
    </section>
  );
}

interface FormProps {
  readonly input: OpenInput;
  readonly busy: boolean;
  readonly decide: (decision: Decision) => void;
}

function ApprovalForm({ input, busy, decide }: FormProps) {
  const [reason, setReason] = useState('');
  const id = useId();
  const said = reason.trim() === '' ? {} : { reason: reason.trim() };
  return (
    <form
      class="question-form"
      onSubmit={(event) => {
        event.preventDefault();
        decide({ decision: 'approve', ...said });
      }}
    >
      <label for={id}>Reason, if you like; the model is told why you deny</label>
      <input
        id={id}
        value={reason}
        maxLength={1000}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <div class="buttons">
        <button type="submit" class="primary" disabled={busy}>
          Approve<span class="hidden"> {input.tool_name}</span>
        </button>
        <button
          type="button"
          class="danger"
          disabled={busy}
          onClick={() => decide({ decision: 'deny', ...said })}
        >
          Deny<span class="hidden"> {input.tool_name}</span>
        </button>
      </div>
    </form>
  );
}

function OutputForm({ input, busy, decide }: FormProps) {
  const [text, setText] = useState('');
  const [asJson, setAsJson] = useState(false);
  const id = useId();
  const output = outputOf(text, asJson);
  return (
    <form
      class="question-form"
      onSubmit={(event) => {
        event.preventDefault();
        if ('value' in output) decide({ decision: 'output', output: output.value });
      }}
    >
      <label for={id}>What the model is told</label>
      <textarea id={id} rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <label class="check">
        <input
          type="checkbox"
          checked={asJson}
          onChange={(event) => setAsJson(event.currentTarget.checked)}
        />{' '}
        It is JSON
      </label>
      {'problem' in output && text !== '' ? <p class="field-problem">{output.problem}</p> : null}
      <div class="buttons">
        <button type="submit" class="primary" disabled={busy || 'problem' in output}>
          Send output<span class="hidden"> of {input.tool_name}</span>
        </button>
        <button
          type="button"
          class="danger"
          disabled={busy || text.trim() === ''}
          onClick={() => decide({ decision: 'error', reason: text.trim().slice(0, 1000) })}
        >
          Send as an error
        </button>
      </div>
    </form>
  );
}
