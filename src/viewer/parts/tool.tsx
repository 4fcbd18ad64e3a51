/** A call of a tool: who runs it, what it was given, what it said, and the tries that failed. */
import type { ToolExecutionStep } from '../../events/progress.js';
import type { ToolResponse } from '../../events/turn-event.js';
import { prettyText, prettyValue } from '../view/json-text.js';
import { Code } from './code.js';
import { Until } from './time.js';

export function ToolBadges({ step }: { step: ToolExecutionStep }) {
  return (
    <span class="step-meta">
      <span
        class="badge"
        title={
          step.server_side
            ? 'The model server runs this tool.'
            : 'A worker of yours, or somebody you ask, runs this tool.'
        }
      >
        {step.server_side ? 'server-side' : 'client-side'}
      </span>
      {step.tool_type === 'function' || step.tool_type === step.tool_name ? null : (
        <span class="badge">{step.tool_type.replaceAll('_', ' ')}</span>
      )}
      {step.server_label === undefined ? null : <code>{step.server_label}</code>}
      {(step.attempt ?? 1) > 1 ? <span class="badge">attempt {step.attempt}</span> : null}
    </span>
  );
}

/** @param asked A question below shows the arguments. */
export function ToolBody({ step, asked }: { step: ToolExecutionStep; asked: boolean }) {
  const running = step.state === 'running';
  const report = step.report;
  return (
    <>
      {asked || step.arguments === '' || step.arguments === '{}' ? null : (
        <div class="field">
          <p class="field-name">Arguments</p>
          <Code text={prettyText(step.arguments)} label={`arguments of ${step.tool_name}`} />
        </div>
      )}
      {step.failed_attempts.length > 0 ? <FailedAttempts step={step} /> : null}
      {report === undefined ? null : (
        <div class="field">
          <p class="field-name">{running ? 'Reports' : 'Last report'}</p>
          <Code text={prettyValue(report)} label={`report of ${step.tool_name}`} />
        </div>
      )}
      {step.tool_responses.map((response, index) => (
        <Result key={index} response={response} />
      ))}
    </>
  );
}

function Result({ response }: { response: ToolResponse }) {
  const text = prettyValue(response.content);
  if (text === '') return <p class="quiet">It returned nothing.</p>;
  return (
    <div class="field" data-tone={response.is_error ? 'bad' : undefined}>
      <p class="field-name">{response.is_error ? 'Error told to the model' : 'Result'}</p>
      <Code text={text} label={`result of ${response.tool_name}`} />
    </div>
  );
}

function FailedAttempts({ step }: { step: ToolExecutionStep }) {
  const newest = step.failed_attempts.at(-1);
  return (
    <div class="field">
      <p class="field-name">Failed attempts</p>
      <ol class="attempts">
        {step.failed_attempts.map((failed) => (
          <li key={failed.attempt}>
            <span class="num">{failed.attempt}</span>
            <span>
              {failed.error.message} <code>{failed.error.code}</code>
              {failed === newest &&
              step.state === 'running' &&
              failed.retry_at !== undefined &&
              (step.attempt ?? 0) <= failed.attempt ? (
                <span class="quiet">
                  {' '}
                  Next try <Until at={Date.parse(failed.retry_at)} past="any moment" />.
                </span>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
