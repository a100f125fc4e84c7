import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import type { Problem } from '../../contract/index.ts';
import type { Browser } from '../../testing/index.ts';

export interface TusSent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

export interface TusAnswer {
  status: number;
  headers: Headers;
  problem: Problem | undefined;
}

/** A request of tus, exactly as given. */
export async function tus(who: Browser, { method = 'POST', path = '/api/v1/content/uploads', headers = {}, body }: TusSent = {}): Promise<TusAnswer> {
  const response = await who.fetch(path, { method, headers: { 'Tus-Resumable': '1.0.0', authorization: `Bearer ${who.token}`, ...headers }, ...(body && { body: new Uint8Array(body) }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, problem: text === '' ? undefined : (JSON.parse(text) as Problem) };
}

export function encodeMetadata(fields: Record<string, string>): string {
  return Object.entries(fields).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`).join(',');
}

export function create(who: Browser, bytes: number, fields: Record<string, string>): Promise<TusAnswer> {
  return tus(who, { headers: { 'Upload-Length': String(bytes), 'Upload-Metadata': encodeMetadata({ filename: 'Lenses.mp4', ...fields }) } });
}

/** Creates an upload. Resolves with its path. */
export async function created(who: Browser, bytes: number, fields: Record<string, string>): Promise<string> {
  const { status, headers, problem } = await create(who, bytes, fields);
  if (status !== 201) throw new Error(`not created: ${JSON.stringify(problem)}`);
  return headers.get('location') ?? '';
}

export interface Appended extends Record<string, string | number | Uint8Array | undefined> {
  body: Uint8Array;
  offset?: number;
}

/** Other fields are headers. */
export function append(who: Browser, path: string, { body, offset = 0, ...headers }: Appended): Promise<TusAnswer> {
  return tus(who, { method: 'PATCH', path, headers: { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream', ...(headers as Record<string, string>) }, body });
}

export async function offsetOf(who: Browser, path: string): Promise<number> {
  return Number((await tus(who, { method: 'HEAD', path })).headers.get('upload-offset'));
}

/** A request for which bytes are sent one by one. `answer`: the status, or `gone` if the connection ended without one. */
export function openAppend(who: Browser, url: string, { offset = 0, bytes }: { offset?: number; bytes: number }): { sent: ClientRequest; answer: Promise<number | 'gone'> } {
  const headers = { 'Tus-Resumable': '1.0.0', authorization: `Bearer ${who.token}`, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream', 'Content-Length': String(bytes) };
  const sent = request(url, { method: 'PATCH', headers });
  const answer = new Promise<number | 'gone'>((resolve) => {
    sent.on('response', (response) => resolve(response.resume().statusCode ?? 0));
    sent.on('error', () => resolve('gone'));
  });
  return { sent, answer };
}
