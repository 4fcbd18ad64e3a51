/** What a message of a session may be called: its turn's id ends with it, behind the last slash. */

const MESSAGE_ID = /^[\w.:-]{1,128}$/;

export function isMessageId(value: unknown): value is string {
  return typeof value === 'string' && MESSAGE_ID.test(value);
}

/** The session and the message that a turn's id would name, if a session started it. */
export function sessionOfTurn(turnId: string): { sessionId: string; messageId: string } | undefined {
  const slash = turnId.lastIndexOf('/');
  const messageId = turnId.slice(slash + 1);
  return slash > 0 && isMessageId(messageId) ? { sessionId: turnId.slice(0, slash), messageId } : undefined;
}
