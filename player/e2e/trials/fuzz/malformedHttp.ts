import net from 'node:net';
import * as fc from 'fast-check';

const line = fc.constantFrom(
  'GET / HTTP/1.1', 'GET /health/live HTTP/1.0', 'GET  / HTTP/1.1', 'GET / HTTP/9.9', 'G\0ET / HTTP/1.1', ' GET / HTTP/1.1', 'GET http://elsewhere/ HTTP/1.1', 'CONNECT x:1 HTTP/1.1', 'OPTIONS * HTTP/1.1', 'PRI * HTTP/2.0',
  'POST /api/v1/users/login HTTP/1.1', 'POST /socket.io/?EIO=4&transport=polling HTTP/1.1', `GET /${'x'.repeat(20_000)} HTTP/1.1`, `${'X'.repeat(9000)} / HTTP/1.1`, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc', '\x03\x00\x00\x00', '',
);
const header = fc.constantFrom(
  'Host: lectern', 'Host: lectern', 'Host: a\r\nHost: b', 'Content-Length: 5', 'Content-Length: 5\r\nContent-Length: 6', 'Content-Length: -1', 'Content-Length: 0x10', 'Content-Length: 99999999999999999999', 'Content-Length : 5', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 4',
  'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding:\tchunked', 'Transfer-Encoding: \x0bchunked', 'Content-Type: application/json', 'Content-Encoding: gzip', 'Content-Encoding: br, gzip, deflate', 'Connection: Upgrade\r\nUpgrade: websocket', 'Connection: Upgrade\r\nUpgrade: h2c', 'Expect: 100-continue', 'Expect: 200-ok',
  'Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13', 'X: \0', 'NoColon', ' folded: yes', `X: ${'y'.repeat(20_000)}`, `${'Y: z\r\n'.repeat(3000)}Y: z`,
);
const tail = fc.constantFrom('', '0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n', 'ffffffffffffffff\r\nx', '-1\r\n\r\n', '5;x=y\r\nhello\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: smuggled\r\n\r\n', '{"a":', 'GET /admin HTTP/1.1\r\nHost: x\r\n\r\n', '\r\n\r\n\r\n', '\u0000\u0001\u0002'.repeat(500));

/** Malformed HTTP, sometimes several requests of it. */
export const malformedHttp: fc.Arbitrary<string> = fc
  .array(fc.tuple(line, fc.array(header, { maxLength: 5 }), tail).map(([first, headers, rest]) => `${[first, ...headers].join('\r\n')}\r\n\r\n${rest}`), { minLength: 1, maxLength: 4 })
  .map((requests) => requests.join(''));

/** The statuses that come back until the server closes the connection or is silent for a moment. */
export function statusesOf(url: string, bytes: string, timeoutMs = 300): Promise<number[]> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    let received = '';
    const done = () => {
      socket.destroy();
      resolve([...received.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status)));
    };
    socket.setTimeout(timeoutMs, done);
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.once('close', done);
    socket.once('error', done);
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}
