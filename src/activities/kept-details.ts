/** What travels from attempt to attempt in the heartbeat's details. */

export interface KeptDetails {
  /** Ids of the conversation's newest items before the first request, newest first. */
  readonly newest_items?: readonly string[];
  /** Calls of an earlier turn that the request answers ahead of its input. */
  readonly answered_ahead?: readonly string[];
  /** The conversation that was made for the turn. */
  readonly conversation?: string;
}

export interface HeartbeatDetails extends KeptDetails {
  /** Attempts so far that do not count against their bound. */
  readonly excused?: number;
}

/** Our own details of the last heartbeat, of whatever attempt sent one. */
export function detailsIn(details: unknown): HeartbeatDetails {
  const { excused, newest_items, answered_ahead, conversation } = Object(details) as Readonly<
    Record<string, unknown>
  >;
  return {
    ...(typeof excused === 'number' ? { excused } : {}),
    ...(Array.isArray(newest_items) ? { newest_items: newest_items as readonly string[] } : {}),
    ...(Array.isArray(answered_ahead) ? { answered_ahead: answered_ahead as readonly string[] } : {}),
    ...(typeof conversation === 'string' ? { conversation } : {}),
  };
}
