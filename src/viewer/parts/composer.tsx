/** Where a message is written. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { WHILE_BUSY } from '../net/wire.js';
import type { WhileBusy } from '../net/wire.js';
import { AgentField } from './agent-field.js';
import { Icon } from './icon.js';

interface ComposerProps {
  /** Who answered last; undefined: it has to be said. */
  readonly agent: string | undefined;
  /** A turn runs. */
  readonly busy: boolean;
  /** Ends the turn that runs. */
  readonly stop: () => void;
  /** Resolves to false when it was not taken: the text stays. */
  readonly send: (input: string, agent: string, whileBusy: WhileBusy) => Promise<boolean>;
}

const MODES: Readonly<Record<WhileBusy, { readonly word: string; readonly does: string }>> = {
  queue: { word: 'Queue', does: 'It waits until the turn that runs is over.' },
  steer: { word: 'Steer', does: 'It joins the turn that runs, before its next response.' },
  interrupt: { word: 'Interrupt', does: 'The turn that runs is cancelled, and this runs next.' },
};

export function Composer({ agent, busy, stop, send }: ComposerProps) {
  const [text, setText] = useState('');
  const [named, setNamed] = useState('');
  const [mode, setMode] = useState<WhileBusy>('queue');
  const [sending, setSending] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    current.style.height = 'auto';
    current.style.height = `${Math.min(current.scrollHeight + 2, 240)}px`;
  }, [text]);
  const submit = async (): Promise<void> => {
    const who = agent ?? named.trim();
    if (text.trim() === '' || who === '' || sending) return;
    setSending(true);
    if (await send(text, who, busy ? mode : 'queue')) setText('');
    setSending(false);
    box.current?.focus();
  };
  return (
    <form
      class="composer"
      aria-label="Message"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {agent === undefined ? <AgentField value={named} onChange={setNamed} /> : null}
      <label for={id} class="hidden">
        Message{agent === undefined ? '' : ` to ${agent}`}
      </label>
      <textarea
        id={id}
        ref={box}
        rows={1}
        data-composer
        placeholder={`Message${agent === undefined ? '' : ` ${agent}`}`}
        value={text}
        aria-describedby={`${id}-help`}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void submit();
        }}
      />
      <div class="composer-foot">
        {busy ? (
          <fieldset class="modes">
            <legend class="hidden">A turn runs. What becomes of this message?</legend>
            {WHILE_BUSY.map((choice) => (
              <label key={choice} title={MODES[choice].does}>
                <input
                  type="radio"
                  name={`${id}-mode`}
                  checked={mode === choice}
                  onChange={() => setMode(choice)}
                />
                {MODES[choice].word}
              </label>
            ))}
          </fieldset>
        ) : null}
        <span id={`${id}-help`} class="quiet">
          {busy ? MODES[mode].does : 'Enter sends, Shift+Enter makes a new line.'}
        </span>
        <span class="composer-buttons">
          {busy ? (
            <button
              type="button"
              class="danger"
              onClick={() => {
                stop();
                // The button goes away with the turn, and would take the focus with it.
                box.current?.focus();
              }}
            >
              <Icon name="stop" /> Stop
            </button>
          ) : null}
          <button type="submit" class="primary" disabled={sending || text.trim() === ''}>
            <Icon name="send" /> Send
          </button>
        </span>
      </div>
    </form>
  );
}
