// A reader for zip archives that were checked before (a wheel with a known SHA-256): enough of the format for
// stored and deflated entries, no encryption, no zip64.

import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const END_OF_CENTRAL_DIRECTORY = Buffer.from('PK\x05\x06');
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

const inflate = promisify(inflateRaw);

/** The content of one entry. Throws an Error when the archive is broken or has no such entry. */
export async function unzipEntry(archive: Buffer, name: string): Promise<Buffer> {
  const end = archive.lastIndexOf(END_OF_CENTRAL_DIRECTORY);
  if (end < 0) throw new Error('not a zip archive');
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL_HEADER) throw new Error('broken zip directory');
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) === name) return readEntry(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`no ${name} in the archive`);
}

/** Sizes come from the central directory: a local header may leave them to a trailing descriptor. */
async function readEntry(archive: Buffer, at: number): Promise<Buffer> {
  const method = archive.readUInt16LE(at + 10);
  const packedSize = archive.readUInt32LE(at + 20);
  const size = archive.readUInt32LE(at + 24);
  const header = archive.readUInt32LE(at + 42);
  if (archive.readUInt32LE(header) !== LOCAL_HEADER) throw new Error('broken zip entry');
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(start, start + packedSize);
  if (method !== STORED && method !== DEFLATED) throw new Error(`zip method ${method} is not supported`);
  const content = method === STORED ? packed : await inflate(packed);
  if (content.length !== size) throw new Error(`zip entry has ${content.length} bytes instead of ${size}`);
  return content;
}
