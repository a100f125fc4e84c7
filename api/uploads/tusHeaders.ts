import type { IncomingMessage } from 'node:http';
import { CodedError } from '#engine/contract';
import type { ExpectedChecksum, TusResponse } from '#recorder';
import type { HttpExchange } from '../access/index.ts';
import { largestUploadBytes } from './UploadRules.ts';

/** The version of the protocol, and of no other. */
export const tusVersion = '1.0.0';

/** @throws CodedError `upload.protocolUnknown` */
export function requireTus({ request, response }: HttpExchange): void {
  response.setHeader('Tus-Resumable', tusVersion);
  if (request.headers['tus-resumable'] === tusVersion) return;
  response.setHeader('Tus-Version', tusVersion);
  throw new CodedError('upload.protocolUnknown', `Send Tus-Resumable: ${tusVersion}. Other versions of tus are not supported.`);
}

/** What the server can, for the answer to OPTIONS (tus 1.0). */
export function tusAbilities(hasChecksums: boolean): Record<string, string> {
  return {
    'Tus-Resumable': tusVersion,
    'Tus-Version': tusVersion,
    'Tus-Max-Size': String(largestUploadBytes),
    'Tus-Extension': ['creation', 'creation-with-upload', 'termination', 'expiration', ...(hasChecksums ? ['checksum'] : [])].join(','),
    ...(hasChecksums && { 'Tus-Checksum-Algorithm': 'sha1,sha256' }),
  };
}

/** @throws CodedError `request.invalid` */
export function requestedBytes({ headers }: IncomingMessage): number {
  const length = headers['upload-length'];
  if (typeof length !== 'string' || !/^(0|[1-9][0-9]{0,15})$/.test(length)) throw new CodedError('request.invalid', 'Send Upload-Length: the size of the file in bytes. It cannot be deferred.');
  const bytes = Number(length);
  if (bytes === 0) throw new CodedError('request.invalid', 'This file is empty.');
  return bytes;
}

/** @throws CodedError `request.invalid` */
export function expectedChecksum({ headers }: IncomingMessage, hasChecksums: boolean): ExpectedChecksum | undefined {
  const header = headers['upload-checksum'];
  if (header === undefined) return undefined;
  const [, algorithm, digest] = /^(sha1|sha256) ([A-Za-z0-9+/]{27,44}={0,2})$/.exec(String(header)) ?? [];
  if (!hasChecksums || algorithm === undefined || digest === undefined) throw new CodedError('request.invalid', hasChecksums ? 'Upload-Checksum is "sha1" or "sha256", a space, and the digest in base64.' : 'This server takes no checksums: leave out Upload-Checksum.');
  return { algorithm: algorithm as ExpectedChecksum['algorithm'], digest };
}

/** The headers of a request that the protocol reads. */
export function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}

export function sendTus({ response }: HttpExchange, { status, headers }: TusResponse, more: Record<string, string> = {}): void {
  // CORS is of the server, and the client does not need its own metadata.
  const kept = Object.entries(headers).filter(([name]) => /^(upload-(offset|length|expires)|location)$/i.test(name));
  response.writeHead(status, { 'Tus-Resumable': tusVersion, 'Cache-Control': 'no-store', ...Object.fromEntries(kept), ...more }).end();
}
