import { describe, expect, test } from 'vitest';
import { bigBase64In } from './base64.js';

describe('base64', () => {
  const big = 'QUJD'.repeat(70_000);
  test.each<[string, unknown, string]>([
    ['plain', big, 'input'],
    ['with padding', `${big}==`, 'input'],
    ['for URLs', big.replaceAll('Q', '-').replaceAll('U', '_'), 'input'],
    ['in lines', big.replace(/(.{76})/g, '$1\r\n'), 'input'],
    ['of a data URL', `data:image/png;base64,${big}`, 'input'],
    ['deep inside', [{ content: [{ text: 'x' }, { file_data: big }] }], 'input[0].content[1].file_data'],
  ])('is found %s', (_name, value, path) => {
    expect(bigBase64In(value)).toEqual({ path, kib: expect.any(Number) });
  });

  test.each<[string, unknown]>([
    ['a small one', 'QUJD'.repeat(1000)],
    ['prose', 'The quick brown fox. '.repeat(20_000)],
    ['prose without blanks', '日本語'.repeat(100_000)],
    ['a data URL of text', `data:text/plain,${'a b '.repeat(80_000)}`],
    ['numbers and nothing', [1, null, undefined, true]],
  ])('is not what is %s', (_name, value) => {
    expect(bigBase64In(value)).toBeUndefined();
  });
});
