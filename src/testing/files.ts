/** `/v1/files`: uploads, kept in memory. */
import type { JsonObject } from '../events/json.js';
import { badRequest, notFound } from './api-error.js';
import type { Call, Route } from './http.js';
import { pageOf } from './page.js';
import { newId, unixSeconds } from './wire.js';

export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly created_at: number;
  readonly bytes: Uint8Array;
}

export class Files {
  readonly #files = new Map<string, StoredFile>();

  readonly routes: readonly Route[] = [
    { method: 'POST', path: '/files', handle: async (call) => ({ json: shown(await this.#upload(call)) }) },
    { method: 'GET', path: '/files', handle: (call) => ({ json: this.#list(call) }) },
    { method: 'GET', path: '/files/:id', handle: (call) => ({ json: shown(this.#of(call)) }) },
    { method: 'GET', path: '/files/:id/content', handle: (call) => ({ bytes: this.#of(call).bytes }) },
    { method: 'DELETE', path: '/files/:id', handle: (call) => ({ json: this.#delete(call) }) },
  ];

  get(id: string): StoredFile {
    const file = this.#files.get(id);
    if (!file) throw notFound('File', id);
    return file;
  }

  #of(call: Call): StoredFile {
    return this.get(call.params['id'] ?? '');
  }

  async #upload(call: Call): Promise<StoredFile> {
    const form = await multipart(call);
    const file = form.get('file');
    const purpose = form.get('purpose');
    if (typeof purpose !== 'string') throw badRequest("Missing required parameter: 'purpose'.", 'purpose');
    if (file === null || typeof file === 'string')
      throw badRequest("Missing required parameter: 'file'.", 'file');
    const stored: StoredFile = {
      id: newId('file').replace('_', '-'),
      filename: file.name,
      purpose,
      created_at: unixSeconds(),
      bytes: new Uint8Array(await file.arrayBuffer()),
    };
    this.#files.set(stored.id, stored);
    return stored;
  }

  #list(call: Call): JsonObject {
    const purpose = call.query.get('purpose');
    const files = [...this.#files.values()].filter((file) => purpose === null || file.purpose === purpose);
    return pageOf(files.map(shown), call.query);
  }

  #delete(call: Call): JsonObject {
    const { id } = this.#of(call);
    this.#files.delete(id);
    return { id, object: 'file', deleted: true };
  }
}

/** Node's own fetch reads multipart bodies; no parser of ours. */
async function multipart(call: Call): Promise<FormData> {
  const type = call.request.headers['content-type'] ?? '';
  try {
    return await new Response(Uint8Array.from(call.raw), { headers: { 'content-type': type } }).formData();
  } catch {
    throw badRequest('We could not parse the multipart form of your request.');
  }
}

function shown(file: StoredFile): JsonObject {
  const { id, filename, purpose, created_at } = file;
  const bytes = file.bytes.byteLength;
  return { id, object: 'file', bytes, created_at, expires_at: null, filename, purpose, status: 'processed' };
}
