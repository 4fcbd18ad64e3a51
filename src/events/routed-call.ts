/** A call of one of our tools, and where it goes. The inference activity decides: the workflow knows no schemas. */
import type { JsonObject } from './json.js';
import type { ToolCall } from './turn-event.js';

export interface RoutedCall extends ToolCall {
  /** The activity that runs the tool. Absent when the call is rejected. */
  readonly activity?: string;
  /** ActivityOptions of that activity, as JSON. */
  readonly options?: JsonObject;
  /** A failure of the tool fails the turn, instead of being told to the model. */
  readonly fails_turn?: boolean;
  /** The call cannot run: this is answered to the model. */
  readonly rejection?: CallRejection;
}

export interface CallRejection {
  /** `unknown_tool` or `invalid_arguments`. */
  readonly code: string;
  /** What the model is told. */
  readonly message: string;
}
