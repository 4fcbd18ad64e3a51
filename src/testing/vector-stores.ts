/** `/v1/vector_stores`, their files and their search. Files are ready as soon as they are attached. */
import type { JsonObject } from '../events/json.js';
import { notFound } from './api-error.js';
import { matchesFilter } from './attribute-filter.js';
import type { Files } from './files.js';
import { jsonBody } from './http.js';
import type { Call, Route } from './http.js';
import { pageOf } from './page.js';
import { chunksOf, search } from './search.js';
import type { Chunk, SearchHit } from './search.js';
import { isObject, newId, numberOf, objectOf, stringOf, stringsOf, unixSeconds } from './wire.js';

interface AttachedFile {
  readonly id: string;
  readonly created_at: number;
  readonly attributes: JsonObject;
  readonly bytes: number;
  readonly chunks: readonly Chunk[];
  /** Set when the file holds no text. */
  readonly error: JsonObject | null;
}

interface VectorStore {
  readonly id: string;
  readonly created_at: number;
  readonly name: string | null;
  readonly metadata: JsonObject;
  readonly files: Map<string, AttachedFile>;
}

export class VectorStores {
  readonly #stores = new Map<string, VectorStore>();
  readonly #files: Files;

  constructor(files: Files) {
    this.#files = files;
  }

  readonly routes: readonly Route[] = [
    { method: 'POST', path: '/vector_stores', handle: (call) => ({ json: this.#create(jsonBody(call)) }) },
    { method: 'GET', path: '/vector_stores', handle: (call) => ({ json: this.#list(call) }) },
    { method: 'GET', path: '/vector_stores/:id', handle: (call) => ({ json: shown(this.#of(call)) }) },
    { method: 'DELETE', path: '/vector_stores/:id', handle: (call) => ({ json: this.#delete(call) }) },
    {
      method: 'POST',
      path: '/vector_stores/:id/search',
      handle: (call) => ({ json: this.#searchPage(call) }),
    },
    { method: 'POST', path: '/vector_stores/:id/files', handle: (call) => ({ json: this.#attach(call) }) },
    { method: 'GET', path: '/vector_stores/:id/files', handle: (call) => ({ json: this.#listFiles(call) }) },
    { method: 'GET', path: '/vector_stores/:id/files/:file', handle: (call) => ({ json: this.#file(call) }) },
    {
      method: 'DELETE',
      path: '/vector_stores/:id/files/:file',
      handle: (call) => ({ json: this.#detach(call) }),
    },
  ];

  /** The best paragraphs of the given stores. `options` as in a `file_search` tool or a search request. */
  search(ids: readonly string[], query: string, options: JsonObject): SearchHit[] {
    const { filters } = options;
    const threshold = numberOf(objectOf(options['ranking_options'])['score_threshold']) ?? 0;
    const chunks = ids
      .flatMap((id) => [...this.#get(id).files.values()])
      .flatMap((file) => file.chunks)
      .filter((chunk) => !isObject(filters) || matchesFilter(filters, chunk.attributes));
    return search(chunks, query, numberOf(options['max_num_results']) ?? 10).filter(
      (hit) => hit.score >= threshold,
    );
  }

  /** 404 unless all of them are there. */
  check(ids: readonly string[]): void {
    for (const id of ids) this.#get(id);
  }

  #get(id: string): VectorStore {
    const store = this.#stores.get(id);
    if (!store) throw notFound('Vector store', id);
    return store;
  }

  #of(call: Call): VectorStore {
    return this.#get(call.params['id'] ?? '');
  }

  #create(body: JsonObject): JsonObject {
    const store: VectorStore = {
      id: newId('vs'),
      created_at: unixSeconds(),
      name: stringOf(body['name']) ?? null,
      metadata: objectOf(body['metadata']),
      files: new Map(),
    };
    for (const id of stringsOf(body['file_ids'])) store.files.set(id, this.#read(id, {}));
    this.#stores.set(store.id, store);
    return shown(store);
  }

  #list(call: Call): JsonObject {
    return pageOf([...this.#stores.values()].map(shown), call.query);
  }

  #delete(call: Call): JsonObject {
    const { id } = this.#of(call);
    this.#stores.delete(id);
    return { id, object: 'vector_store.deleted', deleted: true };
  }

  #searchPage(call: Call): JsonObject {
    const store = this.#of(call);
    const body = jsonBody(call);
    const { query } = body;
    const queries = typeof query === 'string' ? [query] : stringsOf(query);
    const data = this.search([store.id], queries.join(' '), body).map((hit) => ({
      file_id: hit.fileId,
      filename: hit.filename,
      score: hit.score,
      attributes: hit.attributes,
      content: [{ type: 'text', text: hit.text }],
    }));
    const page = { object: 'vector_store.search_results.page', search_query: queries };
    return { ...page, data, has_more: false, next_page: null };
  }

  #attach(call: Call): JsonObject {
    const store = this.#of(call);
    const body = jsonBody(call);
    const file = this.#read(stringOf(body['file_id']) ?? '', objectOf(body['attributes']));
    store.files.set(file.id, file);
    return shownFile(store, file);
  }

  #listFiles(call: Call): JsonObject {
    const store = this.#of(call);
    const files = [...store.files.values()].map((file) => shownFile(store, file));
    return pageOf(files, call.query);
  }

  #file(call: Call): JsonObject {
    const store = this.#of(call);
    const id = call.params['file'] ?? '';
    const file = store.files.get(id);
    if (!file) throw notFound('Vector store file', id);
    return shownFile(store, file);
  }

  #detach(call: Call): JsonObject {
    const id = stringOf(this.#file(call)['id']) ?? '';
    this.#of(call).files.delete(id);
    return { id, object: 'vector_store.file.deleted', deleted: true };
  }

  #read(id: string, attributes: JsonObject): AttachedFile {
    const { bytes, filename } = this.#files.get(id);
    const text = new TextDecoder().decode(bytes);
    const readable = !text.includes('\0');
    const chunks = readable ? chunksOf(text) : [];
    return {
      id,
      created_at: unixSeconds(),
      attributes,
      bytes: bytes.byteLength,
      chunks: chunks.map((chunk) => ({ fileId: id, filename, text: chunk, attributes })),
      error: readable ? null : { code: 'unsupported_file', message: 'This server reads plain text only.' },
    };
  }
}

function shown(store: VectorStore): JsonObject {
  const { id, created_at, name, metadata } = store;
  const files = [...store.files.values()];
  const failed = files.filter((file) => file.error !== null).length;
  const total = files.length;
  return {
    id,
    object: 'vector_store',
    created_at,
    last_active_at: created_at,
    name,
    metadata,
    status: 'completed',
    usage_bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    file_counts: { in_progress: 0, completed: total - failed, failed, cancelled: 0, total },
  };
}

function shownFile(store: VectorStore, file: AttachedFile): JsonObject {
  const { id, created_at, attributes, bytes, error } = file;
  return {
    id,
    object: 'vector_store.file',
    created_at,
    vector_store_id: store.id,
    usage_bytes: bytes,
    status: error === null ? 'completed' : 'failed',
    last_error: error,
    attributes,
  };
}
