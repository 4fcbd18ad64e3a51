/** Names on the wire. Workflow types are camelCase, signals, queries and memo keys snake_case. */
export const AGENT_TURN = 'agentTurn';
export const AGENT_SESSION = 'agentSession';
export const INFER = 'infer';
export const RELEASE_RESPONSE = 'release_response';
export const COMPLETE_CONVERSATION = 'complete_conversation';
/** Activities of a session. */
export const MAKE_CONVERSATION = 'make_conversation';
export const TURN_REPORT = 'turn_report';
export const PUBLISH_SIGNAL = 'publish';
export const RESOLVE_INPUT_UPDATE = 'resolve_input';
/** Signals of a session. */
export const MESSAGE_SIGNAL = 'message';
export const CANCEL_MESSAGE_SIGNAL = 'cancel_message';
export const CLOSE_SIGNAL = 'close';
/** From a turn to its session. */
export const MESSAGES_TAKEN_SIGNAL = 'messages_taken';
export const TURN_ENDED_SIGNAL = 'turn_ended';
/** From a session to its running turn. */
export const STEER_SIGNAL = 'steer';
export const TURNS_QUERY = 'turns';
export const PROGRESS_QUERY = 'progress';
export const EVENTS_QUERY = 'events';
/** Memo key: `{agent, session_id?}`, set by who starts the turn; later runs add `started_at`, that of the first one. */
export const TURN_MEMO = 'turn';
/** Memo key: the batch that the workflow itself said last. */
export const TURN_EVENTS_MEMO = 'turn_events';
/** Memo key of a session: `{agent}`, set by who starts it; later runs add `started_at`, that of the first one. */
export const SESSION_MEMO = 'session';
