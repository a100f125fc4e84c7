import http from 'node:http';
import * as z from 'zod';
import { Problem } from '#api/contract';
import type { Tally } from './FuzzTarget.ts';

const answerWithinMs = 8000;

/** What is sent, as it goes over the wire. */
export interface WireRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** Whose it counts as: an address of this machine. */
  from?: string;
  timeoutMs?: number;
}

export interface WireResponse {
  /** 0: the connection was closed instead. */
  status: number;
  contentType: string;
  text: string;
}

/** Sends it past every client library that would put it right. */
export function exchange(url: string, { method, path, headers, body, from = '127.0.0.1', timeoutMs = answerWithinMs }: WireRequest): Promise<WireResponse> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options: http.RequestOptions = { host: '127.0.0.1', port, method, path, headers, agent: false, localAddress: from, timeout: timeoutMs, insecureHTTPParser: true };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', () => resolve(closed));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', text: Buffer.concat(chunks).toString() }));
    });
    request.once('timeout', () => {
      reject(new Error(`no answer within ${timeoutMs} ms`));
      request.destroy();
    });
    request.once('error', () => resolve(closed));
    request.end(body);
  });
}

const closed: WireResponse = { status: 0, contentType: '', text: '' };

/** Counts the answer: a coded error, or a success that `isDocumented`; anything else is a defect. */
export function judge(tally: Tally, request: unknown, { answer, isDocumented }: { answer: WireResponse; isDocumented: (answer: WireResponse) => boolean }): void {
  tally.inputs += 1;
  const isSuccess = answer.status > 0 && answer.status < 400;
  if (isSuccess) tally.answered += 1;
  else tally.refused += 1;
  if (answer.status === 0) return;
  const problem = isSuccess ? (isDocumented(answer) ? undefined : 'of an undocumented shape') : refusalProblem(request, answer);
  if (problem !== undefined) tally.defect(`status ${answer.status} ${problem} (${answer.contentType}, ${answer.text.slice(0, 200)})`, request);
}

/** What is wrong with how something was refused. */
function refusalProblem(request: unknown, { status, text }: WireResponse): string | undefined {
  const { method = '', path = '' } = (typeof request === 'object' && request !== null ? request : {}) as Partial<WireRequest>;
  const problem = (path.startsWith('/socket.io/') ? z.union([Problem, EngineProblem]) : Problem).safeParse(parsed(text));
  if (!problem.success) return method === 'HEAD' ? undefined : 'without a code';
  return status >= 500 && problem.data.code !== 'server.busy' ? 'is a failure of the server' : undefined;
}

/** How engine.io refuses, on its own path. */
const EngineProblem = z.object({ code: z.union([z.number(), z.string()]), message: z.string() });

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
