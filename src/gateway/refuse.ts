/** What is no HTTP request is answered too, as all that is wrong: with a problem. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from './problem.js';

export function unreadable(): Problem {
  return new Problem('malformed_request', 'Send HTTP/1.1 with one valid Host and a path.');
}

/** Writes the answer to what the parser of Node has given up on, and closes the connection. */
export async function refuse(error: NodeJS.ErrnoException, socket: Duplex): Promise<void> {
  if (error.code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) {
    socket.destroy();
    return;
  }
  const response = problemOf(error.code).response();
  const body = await response.text();
  const { status } = response;
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'connection: close',
      `content-type: ${response.headers.get('content-type') ?? ''}`,
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

function problemOf(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem('headers_too_large', 'At most 16 KiB in all.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Problem('request_timeout', 'The request did not arrive in time.');
  }
  return unreadable();
}

/** An answer that is under way cannot be followed by another one. Node keeps it where it looks for it itself. */
function hasBegun(socket: Duplex): boolean {
  const { _httpMessage: answer } = socket as Duplex & {
    readonly _httpMessage?: { readonly headersSent: boolean };
  };
  return answer?.headersSent === true;
}
