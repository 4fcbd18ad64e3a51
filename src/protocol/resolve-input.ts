/** The update `resolve_input`: an approval, a denial, or the output of a tool that somebody else runs. */
import type { JsonValue } from '../events/json.js';
import type { InputDecision } from '../events/turn-event.js';

/** A decision as the update `resolve_input` takes it. */
export type InputResolution = ApprovalResolution | OutputResolution | ErrorResolution;

interface Answer {
  /** Of the `input_required` event. */
  readonly input_id: string;
  /** Who decided, at most 200 characters; shown to watchers. */
  readonly by?: string;
  /** Why, at most 1,000 characters; a denial's reason is told to the model. */
  readonly reason?: string;
}

export interface ApprovalResolution extends Answer {
  readonly decision: 'approve' | 'deny';
  /** Of the `input_required` event: what was decided about. */
  readonly arguments_hash: string;
}

export interface OutputResolution extends Answer {
  readonly decision: 'output';
  readonly arguments_hash: string;
  /** What the model is told: a string, or JSON. At most 256 KiB. */
  readonly output: JsonValue;
}

/** The tool was run elsewhere and failed; `reason` is told to the model. */
export interface ErrorResolution extends Answer {
  readonly decision: 'error';
  readonly arguments_hash?: string;
}

/** What the update answers; the same for the same decision again. */
export interface InputOutcome {
  readonly input_id: string;
  readonly decision: InputDecision;
  readonly by?: string;
  readonly reason?: string;
  /** When it was decided, RFC 3339. */
  readonly at: string;
}
