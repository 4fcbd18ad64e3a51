import { connect, createServer } from 'node:net';

/**
 * A TCP port on 127.0.0.1 that was free a moment ago; another process may still take it by its number.
 *
 * One connection is made and closed from the listening side: it leaves the port in TIME_WAIT, so that Linux
 * does not hand it out again for about a minute, while a server that names it can still bind it.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      server.close(() => resolve(port));
      socket.resume().end();
    });
    let port = 0;
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address !== 'object' || address === null) return reject(new Error('no port was bound'));
      port = address.port;
      connect(port, '127.0.0.1').once('error', reject).resume();
    });
  });
}
