import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { deleteBatch } from './s3DeleteBatch.ts';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A server that answers DeleteObjects with `status` and `body`, and every other request with 204. */
async function serverAnswering(status: number, body = '') {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${(request.url ?? '').replace(/[?&]x-id=.*/, '')}`);
    request.resume().on('end', () => response.writeHead(request.method === 'POST' ? status : 204).end(request.method === 'POST' ? body : ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 });
  closers.push(() => client.destroy(), () => server.closeAllConnections(), () => server.close());
  return { client, seen };
}

describe('Deleting many objects', () => {
  it('sends one request', async () => {
    const { client, seen } = await serverAnswering(200, '<DeleteResult/>');
    await deleteBatch(client, 'bucket', ['a', 'b']);
    expect(seen).toEqual(['POST /bucket/?delete=']);
  });

  it.each([
    [400, '<Error><Code>MissingContentMD5</Code></Error>'],
    [501, '<Error><Code>NotImplemented</Code></Error>'],
  ])('sends a request for each object to a server that answers %i', async (status, body) => {
    const { client, seen } = await serverAnswering(status, body);
    await deleteBatch(client, 'bucket', ['a', 'b']);
    expect(seen.slice(1).sort()).toEqual(['DELETE /bucket/a', 'DELETE /bucket/b']);
  });

  it('fails when access is refused, or when an object could not be deleted', async () => {
    const refusing = await serverAnswering(403, '<Error><Code>AccessDenied</Code></Error>');
    await expect(deleteBatch(refusing.client, 'bucket', ['a'])).rejects.toThrow();
    expect(refusing.seen.length).toBe(1);
    const failing = await serverAnswering(200, '<DeleteResult><Error><Key>a</Key><Code>InternalError</Code></Error></DeleteResult>');
    await expect(deleteBatch(failing.client, 'bucket', ['a'])).rejects.toThrow('a was not deleted: InternalError');
  });
});
