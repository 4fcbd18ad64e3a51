/** Temporal's durations (`'5 minutes'`, or a number of ms), read as Temporal reads them. */
import { msToNumber } from '@temporalio/common/lib/time.js';

/**
 * Milliseconds of a duration. This is the SDK's own parser, which it does not count as public: a parser of
 * ours would be a second opinion on what `'1.5h'` is.
 * @throws TypeError for a text that is no duration.
 */
export const durationMs = msToNumber;
