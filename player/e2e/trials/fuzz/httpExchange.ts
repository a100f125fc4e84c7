import http from 'node:http';
import * as z from 'zod';
import { Problem } from '#api/contract';
import type { Tally } from './Tally.ts';

const responseWithinMs = 60_000;

/** What is sent, as it goes over the wire. */
export interface WireRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** The local address, by which the server counts requests. */
  from?: string;
  timeoutMs?: number;
}

export interface WireResponse {
  /** 0: the connection was closed without a response. */
  status: number;
  contentType: string;
  text: string;
}

/** Sends a request as it is: no client library corrects it. */
export function exchange(url: string, { method, path, headers, body, from = '127.0.0.1', timeoutMs = responseWithinMs }: WireRequest): Promise<WireResponse> {
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
      reject(new Error(`no response within ${timeoutMs} ms`));
      request.destroy();
    });
    request.once('error', () => resolve(closed));
    request.end(body);
  });
}

const closed: WireResponse = { status: 0, contentType: '', text: '' };

/** Counts the response: a coded error, or a success that `isDocumented`. Anything else is a defect. */
export function judge(tally: Tally, request: unknown, { response, isDocumented }: { response: WireResponse; isDocumented: (response: WireResponse) => boolean }): void {
  tally.inputs += 1;
  const isSuccess = response.status > 0 && response.status < 400;
  if (isSuccess) tally.answered += 1;
  else tally.refused += 1;
  if (response.status === 0) return;
  const problem = isSuccess ? (isDocumented(response) ? undefined : 'of an undocumented shape') : refusalProblem(request, response);
  if (problem !== undefined) tally.defect(`status ${response.status} ${problem} (${response.contentType}, ${response.text.slice(0, 200)})`, request);
}

/** What is wrong with a refusal. */
function refusalProblem(request: unknown, { status, text }: WireResponse): string | undefined {
  const { method = '', path = '' } = (typeof request === 'object' && request !== null ? request : {}) as Partial<WireRequest>;
  const problem = (path.startsWith('/socket.io/') ? z.union([Problem, EngineProblem]) : Problem).safeParse(parsed(text));
  if (!problem.success) return method === 'HEAD' ? undefined : 'without a code';
  return status >= 500 && problem.data.code !== 'server.busy' ? 'is a failure of the server' : undefined;
}

/** The errors of engine.io, on its own path. */
const EngineProblem = z.object({ code: z.union([z.number(), z.string()]), message: z.string() });

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
