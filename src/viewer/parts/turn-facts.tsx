/** What a turn is, in numbers: beside the timeline. */
import type { ComponentChildren } from 'preact';
import type { TurnProgress } from '../../events/progress.js';
import type { TurnUsage } from '../../events/turn-event.js';
import { sessionHref } from '../route.js';
import { count } from '../view/format.js';
import { Elapsed } from './time.js';

export function TurnFacts({ progress }: { progress: TurnProgress }) {
  const { agent, session_id, started_at, end, response_ids } = progress;
  const usage = end?.usage ?? progress.usage;
  const models = [
    ...new Set(progress.steps.flatMap((step) => (step.step_type === 'inference' ? (step.model ?? []) : []))),
  ];
  return (
    <aside class="facts" aria-label="Facts about the turn">
      <h2>Turn</h2>
      <dl>
        {agent === undefined ? null : <Fact name="Agent">{agent}</Fact>}
        {session_id === undefined ? null : (
          <Fact name="Session">
            <a href={sessionHref(session_id)}>{session_id}</a>
          </Fact>
        )}
        {models.length === 0 ? null : (
          <Fact name={models.length === 1 ? 'Model' : 'Models'}>{models.join(', ')}</Fact>
        )}
        {started_at === undefined ? null : (
          <>
            <Fact name="Started">
              <time dateTime={started_at}>{new Date(started_at).toLocaleString()}</time>
            </Fact>
            <Fact name={end ? 'Took' : 'Runs for'}>
              <Elapsed from={started_at} to={end?.at} />
            </Fact>
          </>
        )}
        <Fact name="Steps">{count(progress.num_steps)}</Fact>
        <Fact name="Responses">{count(response_ids.length)}</Fact>
      </dl>
      <h2>Tokens</h2>
      <UsageTable usage={usage} />
      {response_ids.length === 0 ? null : (
        <details class="response-ids">
          <summary>Response ids</summary>
          <ol>
            {response_ids.map((id) => (
              <li key={id}>
                <code>{id}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
    </aside>
  );
}

function UsageTable({ usage }: { usage: TurnUsage }) {
  const cached = usage.input_tokens_details?.cached_tokens;
  const reasoning = usage.output_tokens_details?.reasoning_tokens;
  return (
    <dl class="usage">
      <Fact name="In">{count(usage.input_tokens)}</Fact>
      {cached === undefined ? null : <Fact name="of it cached">{count(cached)}</Fact>}
      <Fact name="Out">{count(usage.output_tokens)}</Fact>
      {reasoning === undefined ? null : <Fact name="of it reasoning">{count(reasoning)}</Fact>}
      <Fact name="Total">{count(usage.total_tokens)}</Fact>
      {usage.superseded ? <Fact name="For lost attempts">{count(usage.superseded.total_tokens)}</Fact> : null}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{children}</dd>
    </div>
  );
}
