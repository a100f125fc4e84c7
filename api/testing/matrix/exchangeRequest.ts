import type { RouteSpec } from '../../contract/index.ts';

/** A request of a route that reads its body by itself: a form with a file, or tus with metadata. */
export function exchangeRequest({ method, exchange }: RouteSpec, metadata: Record<string, string> | undefined): RequestInit & { headers: Record<string, string> } {
  if (exchange?.protocol === 'multipart') {
    const body = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\0mdat\r\n--x--\r\n';
    return { method, headers: { 'content-type': 'multipart/form-data; boundary=x' }, body };
  }
  const headers: Record<string, string> = { 'tus-resumable': '1.0.0' };
  if (metadata) {
    headers['upload-length'] = '1000';
    headers['upload-metadata'] = Object.entries(metadata).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`).join(',');
  }
  if (method !== 'PATCH') return { method, headers };
  return { method, headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, body: 'bytes' };
}
