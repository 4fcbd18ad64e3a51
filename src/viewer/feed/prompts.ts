/**
 * What was asked. Events tell what an agent does, not what it was told, so the page keeps, for this tab, what
 * was sent from it.
 */
/** The turn that a message of a session will be. */
export const turnIdOf = (sessionId: string, messageId: string): string => `${sessionId}/${messageId}`;

const PREFIX = 'durable-turns.prompt.';

export function rememberPrompt(turnId: string, prompt: string): void {
  try {
    sessionStorage.setItem(PREFIX + turnId, prompt);
  } catch {
    // The storage is full or forbidden: the prompt is a courtesy.
  }
}

export function promptOf(turnId: string): string | undefined {
  return sessionStorage.getItem(PREFIX + turnId) ?? undefined;
}
