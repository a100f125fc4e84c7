import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { CodedError } from '../../contract/index.ts';
import type { OutboundPolicy } from './OutboundPolicy.ts';

export interface OutboundRequest {
  /** `https:`; `http:` only to networks that the setting allows. Credentials in it are refused. */
  url: string;
  method: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Of the whole exchange, with the look-up of the name. */
  timeoutMs: number;
  /** Of the response; the rest of it is not read. */
  maxBytes: number;
  signal?: AbortSignal;
}

export interface OutboundResponse {
  status: number;
  body: string;
}

/**
 * A request to an address that somebody else has chosen. It connects to the address that the policy has checked, whatever the name
 * resolves to a moment later, and follows no redirect. @throws CodedError `address.refused`; Error when there is no response
 */
export async function outboundRequest(policy: OutboundPolicy, request: OutboundRequest): Promise<OutboundResponse> {
  const url = parseUrl(request.url);
  const limit = AbortSignal.timeout(request.timeoutMs);
  const { address, family, isAllowed } = await policy.check(url.hostname, request.signal ? AbortSignal.any([request.signal, limit]) : limit);
  if (url.protocol !== 'https:' && !isAllowed) throw new CodedError('address.refused', 'The address has to begin with https.', { details: { field: 'url' } });
  const lookup: LookupFunction = (_hostname, options, done) => {
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return exchange(url, { request, lookup, limit });
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new CodedError('address.refused', 'This is no address that begins with https.', { details: { field: 'url' } });
  }
  return url;
}

function exchange(url: URL, { request, lookup, limit }: { request: OutboundRequest; lookup: LookupFunction; limit: AbortSignal }): Promise<OutboundResponse> {
  const { method, headers = {}, body, timeoutMs, maxBytes, signal } = request;
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) }, lookup, agent: false, signal: signal ? AbortSignal.any([signal, limit]) : limit };
    const sent = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8') });
        sent.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes >= maxBytes) finish();
      });
      response.once('end', finish);
      response.once('error', reject);
    });
    // Node answers an upgrade that nobody listens for with neither a response nor an error.
    sent.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('the address answered with another protocol'));
    });
    sent.once('close', () => reject(new Error('the connection was closed')));
    limit.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), { once: true });
    sent.once('error', (error) => reject(limit.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error));
    sent.end(body);
  });
}
