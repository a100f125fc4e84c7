import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '#engine/kernel';
import { problemContentType } from '../contract/index.ts';
import type { Problem } from '../contract/index.ts';

export type Refusal = Pick<Problem, 'status' | 'title' | 'code'>;

const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, title: 'Request Timeout', code: 'request.invalid' },
  HPE_HEADER_OVERFLOW: { status: 431, title: 'Request Header Fields Too Large', code: 'request.tooLarge' },
};
const badRequest: Refusal = { status: 400, title: 'Bad Request', code: 'request.invalid' };
/** `100-continue` is the only expectation (RFC 9110 §10.1.1); Node handles it. */
export const unmetExpectation: Refusal = { status: 417, title: 'Expectation Failed', code: 'request.invalid' };
export const longPipeline: Refusal = { status: 429, title: 'Too Many Requests', code: 'request.tooFrequent' };

/** Closes a connection that did not send a valid request in time. */
export function refuseClient(error: NodeJS.ErrnoException, socket: Socket, logger: Logger): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusals[error.code ?? ''] ?? badRequest;
  const { status, title, code } = refusal;
  logger.info({ code, status, reason: error.code, address: socket.remoteAddress }, 'request.refused');
  const body = bodyOf(refusal);
  const head = [`HTTP/1.1 ${status} ${title}`, `Content-Type: ${problemContentType}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  // `end` alone leaves the connection half open for as long as the client wants.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** Refuses a request before it reaches the application. */
export function refuseRequest(refusal: Refusal, { request, response, logger }: { request: IncomingMessage; response: ServerResponse; logger: Logger }): void {
  const { status, code, title } = refusal;
  logger.info({ code, status, reason: title, address: request.socket.remoteAddress }, 'request.refused');
  response.writeHead(status, { 'Content-Type': problemContentType }).end(bodyOf(refusal));
}

function bodyOf({ status, title, code }: Refusal): string {
  const problem: Problem = { type: `urn:lectern:problem:${code}`, title, status, detail: title, code, instance: '' };
  return JSON.stringify(problem);
}
