import { expect, test } from 'vitest';
import { utf8Bytes } from './bytes.js';

test.each(['', 'plain', 'naïve', '日本語', '👩‍🚀 in space', '\u0000\u007f\u0080\u07ff\u0800\uffff'])(
  'utf8Bytes counts %j as a TextEncoder does',
  (text) => {
    expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
  },
);
