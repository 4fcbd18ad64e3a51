/** What a call is answered with that has no output and will get none: the model must not wait for it. Pure. */
import type { JsonObject } from '../events/json.js';
import type { RoutedCall } from '../events/routed-call.js';
import { outputItem } from './output-item.js';

/** Why there is no output, as the model is told it. What may have been done is never called undone. */
export const ABORTED = {
  not_run: 'aborted: the turn ended before this call ran.',
  cut_short: 'aborted: the turn ended while this call ran. It may have taken effect.',
  unknown: 'aborted: the turn ended without the output of this call. It may or may not have taken effect.',
} as const;

/** Of a screenshot there is no way to say that it is missing: one transparent pixel. */
const NO_SCREENSHOT =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII=';

export type AbortedCall = Pick<RoutedCall, 'call_id' | 'tool_type' | 'tool_name' | 'arguments' | 'repeated'>;

export function abortedOutput(call: AbortedCall, why: keyof typeof ABORTED): JsonObject {
  switch (call.tool_type) {
    case 'computer': {
      // Nobody acknowledged its safety checks, so they are not repeated.
      const { repeated: _checks, ...bare } = call;
      return outputItem(bare, { type: 'computer_screenshot', image_url: NO_SCREENSHOT }, false);
    }
    case 'tool_search':
      return outputItem(call, [], false);
    default:
      return outputItem(call, ABORTED[why], true);
  }
}

/** Also of a question that was answered with yes: nobody waits any more for what the server would then run. */
export function withdrawnApproval(approval_request_id: string): JsonObject {
  const reason = 'The turn ended before the call could run.';
  return { type: 'mcp_approval_response', approval_request_id, approve: false, reason };
}
