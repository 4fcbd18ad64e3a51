/** What the model did in one step: thought, said, refused, asked for. */
import type { JsonObject } from '../../events/json.js';
import type { InferenceStep } from '../../events/progress.js';
import type { ReasoningText } from '../../events/turn-event.js';
import { size, stopReason } from '../view/format.js';
import { prettyText, prettyValue } from '../view/json-text.js';
import { Code } from './code.js';
import { memo } from './memo.js';
import { Prose } from './prose.js';

export function InferenceMeta({ step }: { step: InferenceStep }) {
  return (
    <span class="step-meta">
      {step.model === undefined ? null : <code>{step.model}</code>}
      {step.attempt > 1 ? <span class="badge">attempt {step.attempt}</span> : null}
    </span>
  );
}

/** Stop reasons that the steps which follow tell already. */
const EXPECTED: ReadonlySet<string> = new Set(['end_of_turn', 'tool_calls', 'server_tool_call']);

export function InferenceBody({ step }: { step: InferenceStep }) {
  const running = step.state === 'running';
  const calls = step.function_calls;
  const silent = step.text === '' && step.refusal === undefined && calls.length === 0;
  return (
    <>
      {step.reasoning.length > 0 ? (
        <Reasoning reasoning={step.reasoning} running={running && silent} />
      ) : null}
      {step.text === '' ? null : <Prose text={step.text} streaming={running} />}
      {step.refusal === undefined ? null : (
        <div class="note" data-tone="attention" role="group" aria-label="Refusal">
          <p class="note-title">The model refuses</p>
          <p class="note-text">{step.refusal}</p>
        </div>
      )}
      {step.annotations.length > 0 ? <Annotations annotations={step.annotations} /> : null}
      {/* While it is written, a call has no step of its own to be read in. */}
      {calls.length === 0 ? null : running ? (
        calls.map((call, index) => (
          <div key={`${index}-${call.call_id}`} class="field">
            <p class="field-name">
              Calls <code>{call.tool_name}</code>
            </p>
            <Code text={prettyText(call.arguments)} label={`arguments of ${call.tool_name}`} />
          </div>
        ))
      ) : step.text !== '' ? null : (
        <p class="calls">
          Calls{' '}
          {calls.map((call, index) => (
            <code key={index}>{call.tool_name}</code>
          ))}
        </p>
      )}
      {running && silent && step.reasoning.length === 0 ? (
        <p class="quiet">Waiting for the first words…</p>
      ) : null}
      {step.stop_reason === undefined || EXPECTED.has(step.stop_reason) ? null : (
        <p class="quiet">It stopped: {stopReason(step.stop_reason)}.</p>
      )}
    </>
  );
}

const Reasoning = memo(function Reasoning({
  reasoning,
  running,
}: {
  reasoning: readonly ReasoningText[];
  running: boolean;
}) {
  const length = reasoning.reduce((sum, { text }) => sum + text.length, 0);
  return (
    <details class="reasoning">
      <summary>
        {running ? 'Thinking…' : 'Reasoning'} <span class="num">· {size(length)}</span>
      </summary>
      {reasoning.map(({ kind, text }, index) => (
        <div key={index} class="reasoning-text">
          {kind === 'summary' ? null : <p class="field-name">In full</p>}
          <Prose text={text} streaming={running} />
        </div>
      ))}
    </details>
  );
});

function Annotations({ annotations }: { annotations: readonly JsonObject[] }) {
  return (
    <details class="annotations">
      <summary>{annotations.length === 1 ? '1 source' : `${annotations.length} sources`}</summary>
      <ol>
        {annotations.map((annotation, index) => (
          <li key={index}>
            <Annotation annotation={annotation} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function Annotation({ annotation }: { annotation: JsonObject }) {
  const { url, title, filename } = annotation;
  if (typeof url === 'string' && /^https?:\/\//.test(url)) {
    return (
      <a href={url} target="_blank" rel="noopener noreferrer nofollow">
        {typeof title === 'string' && title !== '' ? title : url}
      </a>
    );
  }
  if (typeof filename === 'string') return <code>{filename}</code>;
  return <code>{prettyValue(annotation)}</code>;
}
