/**
 * How a server's wire differs from OpenAI's, as flags. Each was seen in a recorded stream or read in a server's
 * source; where a preset guesses, presets.ts says so.
 */
export interface Dialect {
  /** An `event:` line before each `data:` line. */
  readonly eventLines: boolean;
  /** `data: [DONE]` after the last event. */
  readonly doneMarker: boolean;
  /** Signs of life when a stream opens and whenever it is silent: SSE comments or `keepalive` events. */
  readonly keepalive: 'none' | 'comment' | 'event';
  /** Milliseconds of silence before a sign of life. */
  readonly keepaliveMs: number;
  /** `gaps`: one number is left out before each call of a hosted tool. `none`: events have no number. */
  readonly sequenceNumbers: 'contiguous' | 'gaps' | 'none';
  /** `rotating`: every event names its response and item by new ids. `other_at_end`: only the final output does. */
  readonly ids: 'stable' | 'rotating' | 'other_at_end';
  /**
   * `shared`: an item's index is the number of items that were done when it spoke, so calls side by side share one
   * until they are done. `added_at_zero`: messages and reasoning are added at 0, their other events are right.
   */
  readonly outputIndexes: 'own' | 'shared' | 'added_at_zero';
  /** Events about items and their parts name the `response_id`. */
  readonly responseIds: boolean;
  /** `response.output_text.done` is sent. */
  readonly textDone: boolean;
  /** `response.output_text.annotation.added` is sent; else annotations are only in the parts that are done. */
  readonly annotationEvents: boolean;
  /** `false`: the arguments of a function come whole, in `function_call_arguments.done` only. */
  readonly argumentDeltas: boolean;
  /** `first`: the arguments of a hosted call stream as those of a function, before the item is added. */
  readonly hostedArguments: 'after_added' | 'first';
  /** `per_response`: `call_0`, `call_1` ... by the item's index, so they come again in every response. */
  readonly callIds: 'unique' | 'per_response';
  /** The results of a file search are shown without being asked for. */
  readonly searchResults: 'when_included' | 'always';
  /** `error` events: `{error: {type, code, message}}` or `{code, message}`. */
  readonly errors: 'nested' | 'flat';
  /**
   * How a request to stream is refused: by its HTTP status, or with 200 and one `error` event whose code is the
   * status as a string.
   */
  readonly refusals: 'status' | 'event';
  /** `false`: no response is kept, whatever the request says, and `store` is echoed as false. */
  readonly store: boolean;
  /** `ignored`: the request is taken as if it named no previous response. */
  readonly previousResponse: 'kept' | 'ignored';
  /** The status for a previous response that is not there. */
  readonly unknownPreviousStatus: 400 | 404;
  /** `ignored`: there are no conversations, and a request that names one is taken as if it did not. */
  readonly conversations: 'kept' | 'ignored';
  /** `outputs_last`: outputs are shown to the model after the messages that came with them. */
  readonly inputOrder: 'kept' | 'outputs_last';
  /**
   * `unseen`: items that are added to a conversation without a request are listed, but not shown to the model,
   * once requests have brought some.
   */
  readonly addedItems: 'seen' | 'unseen';
  /**
   * `stream`: streams of background responses can be resumed. `poll`: they have no streams, only a status.
   * `refused`: 400. `ignored`: answered as any other request.
   */
  readonly background: 'stream' | 'poll' | 'refused' | 'ignored';
}
