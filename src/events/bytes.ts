/**
 * Bytes of a text in UTF-8. Counted by hand because the workflow sandbox has no Buffer, and a TextEncoder's
 * result there belongs to another realm.
 */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && !isSurrogate(unit) ? 2 : 1;
  }
  return bytes;
}

/** Each half of a surrogate pair counts 2 of the pair's 4 bytes. */
const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
