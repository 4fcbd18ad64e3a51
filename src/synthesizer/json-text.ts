/** Text as it stands inside a JSON string, without the quotes: pieces of it can be joined. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
