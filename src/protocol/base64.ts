/** Finds base64 that is too big to travel with a turn. Pure. */
const LIMIT = 256 * 1024;
const SAMPLE = 4096;

export interface Blob64 {
  /** Where it stands, for the message: `input[0].content[1].image_url`. */
  readonly path: string;
  readonly kib: number;
}

/** The first string that is a data URL or plain base64 of more than 256 KiB, or undefined. */
export function bigBase64In(value: unknown, path = 'input'): Blob64 | undefined {
  if (typeof value === 'string') {
    return value.length > LIMIT && looksLikeBase64(value)
      ? { path, kib: Math.ceil(value.length / 1024) }
      : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = bigBase64In(member, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

/** A sample decides: prose has spaces long before 4,096 characters. */
function looksLikeBase64(text: string): boolean {
  if (/^data:[^,]{0,200};base64,/.test(text)) return true;
  return /^[A-Za-z0-9+/_\-\r\n]+=*$/.test(text.slice(0, SAMPLE));
}
