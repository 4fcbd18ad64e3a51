/**
 * A turn as a response of the Responses API: its id holds the turn's id, so that every turn can be retrieved as a
 * response, those of sessions and of other clients too, and nothing has to be looked up.
 */
const PREFIX = 'resp_';

export function responseIdOf(turnId: string): string {
  return PREFIX + Buffer.from(turnId, 'utf8').toString('base64url');
}

/** Undefined for what is no id of ours. */
export function turnIdOf(responseId: string): string | undefined {
  if (!responseId.startsWith(PREFIX)) return undefined;
  const turnId = Buffer.from(responseId.slice(PREFIX.length), 'base64url').toString('utf8');
  return turnId !== '' && responseIdOf(turnId) === responseId ? turnId : undefined;
}
