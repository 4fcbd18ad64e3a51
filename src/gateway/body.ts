/** Reads a JSON body: no more bytes than allowed, and no longer. */
import { Problem } from './problem.js';

export interface BodyLimits {
  readonly bodyBytes: number;
  readonly bodyMs: number;
}

/** Deeper than anything that is meant; what goes deeper breaks those who recurse. */
const DEEPEST = 100;

/** @throws Problem unsupported_media_type, body_too_large, request_timeout, malformed_json */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
    throw new Problem('unsupported_media_type', `content-type is ${JSON.stringify(type)}.`);
  }
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new Problem('unsupported_media_type', `content-encoding is ${encoding}: send the body as it is.`);
  }
  if (Number(request.headers.get('content-length') ?? 0) > limits.bodyBytes) throw tooLarge(limits);
  const value = parsed(await allBytes(request, limits));
  if (isDeeper(value, DEEPEST)) {
    throw new Problem('malformed_json', `The body is nested more than ${DEEPEST} levels deep.`);
  }
  return value;
}

async function allBytes(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let late: NodeJS.Timeout | undefined;
  const timeout = new Promise<'late'>((resolve) => {
    late = setTimeout(() => resolve('late'), limits.bodyMs);
  });
  try {
    for (;;) {
      const read = await Promise.race([reader.read().catch(brokeOff), timeout]);
      if (read === 'late') throw new Problem('request_timeout', `No end of the body in ${limits.bodyMs} ms.`);
      if (read.done) return Buffer.concat(chunks);
      bytes += read.value.byteLength;
      if (bytes > limits.bodyBytes) throw tooLarge(limits);
      chunks.push(read.value);
    }
  } finally {
    clearTimeout(late);
    reader.cancel().catch(() => {});
  }
}

/** Nobody reads the answer: it only must not count as ours to explain. */
function brokeOff(cause: unknown): never {
  throw new Problem('malformed_request', 'The body broke off.', { cause });
}

function tooLarge({ bodyBytes }: BodyLimits): Problem {
  return new Problem(
    'body_too_large',
    `At most ${bodyBytes} bytes: upload large content with files.create.`,
    {
      headers: { connection: 'close' },
    },
  );
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('malformed_json', detail, { cause });
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
