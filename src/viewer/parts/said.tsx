/** What was said to a turn. */
import { useState } from 'preact/hooks';
import { useInputs } from '../feed/inputs.js';
import { size } from '../view/format.js';
import { beginningOf, prettyValue } from '../view/json-text.js';
import { furtherInput, saidOf } from '../view/said.js';
import type { Said } from '../view/said.js';
import { Code } from './code.js';

export function SaidPieces({ pieces }: { pieces: readonly Said[] }) {
  return (
    <>
      {pieces.map((piece, index) =>
        piece.kind === 'text' ? (
          <div key={index} class="said-text">
            {piece.role === 'user' ? null : <p class="field-name">{piece.role}</p>}
            <LongText text={piece.text} />
          </div>
        ) : (
          <details key={index} class="said-item">
            <summary>{piece.name.replaceAll('_', ' ')}</summary>
            <Code text={prettyValue(piece.item)} label={piece.name.replaceAll('_', ' ')} />
          </details>
        ),
      )}
    </>
  );
}

/** At the top of a turn: what was asked, and with which settings. */
export function Asked({ turnId }: { turnId: string }) {
  const [given] = useInputs([turnId]);
  if (given === undefined || given === 'none') return null;
  const further = furtherInput(given);
  return (
    <section class="prompt" aria-label="What was asked">
      <h3 class="field-name">Asked</h3>
      <SaidPieces pieces={saidOf(given.input)} />
      {further === undefined ? null : (
        <details class="said-item">
          <summary>{Object.keys(further).join(', ').replaceAll('_', ' ')}</summary>
          <Code text={prettyValue(further)} label="further input" />
        </details>
      )}
    </section>
  );
}

function LongText({ text }: { text: string }) {
  const [all, setAll] = useState(false);
  const beginning = beginningOf(text);
  return (
    <>
      <p>{all || beginning === undefined ? text : `${beginning} …`}</p>
      {beginning === undefined ? null : (
        <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show less' : `Show all (${size(text.length)})`}
        </button>
      )}
    </>
  );
}
