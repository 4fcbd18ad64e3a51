import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unzipEntry } from './unzip.js';

/** A zip as Python writes it: local entries, central directory, end record. */
function zip(entries: Record<string, { content: string; deflate: boolean; claimedSize?: number }>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, { content, deflate, claimedSize }] of Object.entries(entries)) {
    const raw = Buffer.from(content);
    const packed = deflate ? deflateRawSync(raw) : raw;
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(name.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(deflate ? 8 : 0, 10);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(claimedSize ?? raw.length, 24);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt32LE(offset, 42);
    local.push(header, Buffer.from(name), packed);
    central.push(record, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, ...central, end]);
}

const archive = zip({
  'a.txt': { content: 'stored', deflate: false },
  'dir/b.txt': { content: 'deflated '.repeat(50), deflate: true },
});

test('reads stored and deflated entries', async () => {
  expect((await unzipEntry(archive, 'a.txt')).toString()).toBe('stored');
  expect((await unzipEntry(archive, 'dir/b.txt')).toString()).toBe('deflated '.repeat(50));
});

test('says which entry is missing', async () => {
  await expect(unzipEntry(archive, 'c.txt')).rejects.toThrow('no c.txt in the archive');
});

test('refuses what is no zip and what is cut short', async () => {
  await expect(unzipEntry(Buffer.from('hello'), 'a.txt')).rejects.toThrow('not a zip archive');
  const wrongSize = zip({ 'a.txt': { content: 'abc', deflate: true, claimedSize: 5 } });
  await expect(unzipEntry(wrongSize, 'a.txt')).rejects.toThrow('3 bytes instead of 5');
});
