import http from 'node:http';
import { Problem } from '#api/contract';
import { printable } from './seed.ts';
import type { Tally } from './BesiegedLecture.ts';

const answerWithinMs = 8000;

/** What is sent, as it goes over the wire. */
export interface WireRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** Whose it counts as: an address of this machine. */
  from?: string;
}

export interface WireAnswer {
  /** 0: the connection was closed instead. */
  status: number;
  contentType: string;
  text: string;
}

/** Sends it past every client library that would put it right. */
export function exchange(url: string, { method, path, headers, body, from = '127.0.0.1' }: WireRequest): Promise<WireAnswer> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options: http.RequestOptions = { host: '127.0.0.1', port, method, path, headers, agent: false, localAddress: from, timeout: answerWithinMs, insecureHTTPParser: true };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', () => resolve(closed));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', text: Buffer.concat(chunks).toString() }));
    });
    request.once('timeout', () => {
      reject(new Error(`no answer within ${answerWithinMs} ms`));
      request.destroy();
    });
    request.once('error', () => resolve(closed));
    request.end(body);
  });
}

const closed: WireAnswer = { status: 0, contentType: '', text: '' };

/** Says whether the answer is a coded error, or a success that `isDocumented`. */
export function judge(tally: Tally, request: unknown, answer: WireAnswer, isDocumented: (answer: WireAnswer) => boolean): void {
  tally.inputs += 1;
  const { status } = answer;
  if (status === 0) {
    tally.refused += 1;
  } else if (status >= 400) {
    tally.refused += 1;
    const problem = Problem.safeParse(parsed(answer.text));
    const isExcused = request !== null && typeof request === 'object' && 'method' in request && request.method === 'HEAD';
    if (!problem.success && !isExcused) tally.defect(`status ${status} without a code (${answer.text.slice(0, 100)})`, request);
    else if (status >= 500 && !(problem.data?.code === 'server.busy')) tally.defect(`status ${status} ${printable(problem.data)}`, request);
  } else {
    tally.answered += 1;
    if (!isDocumented(answer)) tally.defect(`status ${status} of an undocumented shape (${answer.contentType}, ${answer.text.slice(0, 200)})`, request);
  }
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
