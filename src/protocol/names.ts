/** Names on the wire. Workflow types are camelCase, signals, queries and memo keys snake_case. */
export const AGENT_TURN = 'agentTurn';
export const AGENT_SESSION = 'agentSession';
export const INFER = 'infer';
export const PUBLISH_SIGNAL = 'publish';
export const RESOLVE_INPUT_UPDATE = 'resolve_input';
export const PROGRESS_QUERY = 'progress';
export const EVENTS_QUERY = 'events';
/** Memo key: `{agent, session_id?}`, set by who starts the turn. */
export const TURN_MEMO = 'turn';
/** Memo key: the batch that the workflow itself said last. */
export const TURN_EVENTS_MEMO = 'turn_events';
/** Memo key of a session: `{agent}`, set by who starts it. */
export const SESSION_MEMO = 'session';
