/** A text of a program: in colours if it is JSON, the beginning of it if it is long, to copy as a whole. */
import { memo } from './memo.js';
import { useState } from 'preact/hooks';
import { beginningOf, jsonTokens } from '../view/json-text.js';
import { size } from '../view/format.js';
import { CopyButton } from './copy-button.js';

interface CodeProps {
  readonly text: string;
  /** What it is, for those who do not see the heading above it. */
  readonly label: string;
  /** Draws all of it at once. */
  readonly whole?: boolean;
}

export const Code = memo(function Code({ text, label, whole = false }: CodeProps) {
  const [all, setAll] = useState(whole);
  const beginning = beginningOf(text);
  const shown = all || beginning === undefined ? text : beginning;
  return (
    <div class="code">
      {/* Focusable, so that the keyboard can scroll it. */}
      <pre tabIndex={0} role="group" aria-label={label}>
        {jsonTokens(shown).map(({ kind, text: part }, index) =>
          kind === 'plain' ? (
            part
          ) : (
            <span key={index} class={`json-${kind}`}>
              {part}
            </span>
          ),
        )}
        {shown === text ? null : '\n…'}
      </pre>
      <div class="code-actions">
        {beginning === undefined || whole ? null : (
          <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show less' : `Show all (${size(text.length)})`}
          </button>
        )}
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
    </div>
  );
});
