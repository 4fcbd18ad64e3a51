/** What two readers of a turn must agree on: all but superseded steps and what was paid for them. */
import type { TurnProgress } from '../../src/events/progress.js';
import type { TurnUsage } from '../../src/events/turn-event.js';

export function visible(progress: TurnProgress): TurnProgress {
  const { end } = progress;
  return {
    ...progress,
    steps: progress.steps.filter((step) => step.state !== 'superseded'),
    usage: counted(progress.usage),
    ...(end ? { end: { ...end, usage: counted(end.usage) } } : {}),
  };
}

/** Details that a superseded step brought into the sum stay there as 0, which says as much as none. */
function counted({
  superseded: _superseded,
  input_tokens_details,
  output_tokens_details,
  ...sums
}: TurnUsage) {
  return {
    ...sums,
    input_tokens_details: { cached_tokens: input_tokens_details?.cached_tokens ?? 0 },
    output_tokens_details: { reasoning_tokens: output_tokens_details?.reasoning_tokens ?? 0 },
  };
}
