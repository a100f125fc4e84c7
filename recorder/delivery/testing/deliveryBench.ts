import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { newId, TokenSigner } from '#engine/kernel';
import { ManualClock, silentLogger } from '#engine/testing';
import { openFolderObjectStore } from '../../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../../storage/ObjectStore.ts';
import { MediaDelivery } from '../MediaDelivery.ts';
import { mediaHandler } from '../mediaHandler.ts';
import type { MediaLocation, PlaylistText } from '../RecordingLibrary.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export const segmentBytes = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz');
export const segmentSha256 = createHash('sha256').update(segmentBytes).digest('hex');

/** A delivery behind a real HTTP server, with a library and a gate whose answers a test sets. Owns all of it. */
export async function openDeliveryBench(options: { store?: ObjectStore; isRedirecting?: boolean } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-delivery-'));
  const clock = new ManualClock();
  const signer = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, clock);
  const store = options.store ?? (await openFolderObjectStore(path.join(folder, 'objects')));
  const playlists = new Map<string, PlaylistText>();
  const locations = new Map<string, MediaLocation>();
  const refusedUsers = new Set<string>();
  const asked = { gate: 0, library: 0 };
  const gateDown = { isDown: false };
  const delivery = new MediaDelivery({
    signer,
    clock,
    store,
    logger: silentLogger,
    lifetimeSeconds: 6 * 3600,
    isRedirecting: options.isRedirecting ?? false,
    library: {
      playlist: async (recordingId, name) => playlists.get(`${recordingId}/${name}`),
      async locate(recordingId, file) {
        asked.library += 1;
        return locations.get(`${recordingId}/${file}`);
      },
    },
    posters: { locatePoster: async (recordingId) => locations.get(`${recordingId}/poster.jpg`) },
    gate: {
      async mayWatch(userId) {
        asked.gate += 1;
        if (gateDown.isDown) throw new Error('the gate is down');
        return !refusedUsers.has(userId);
      },
    },
  });
  const server = createServer(mediaHandler(delivery, silentLogger));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  async function fetchMedia(url: string, init: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // Not fetch(): it would tidy `..` away before it asks.
      httpRequest({ host: '127.0.0.1', port, path: url, method: init.method ?? 'GET', headers: init.headers ?? {} }, (answer) => {
        buffer(answer).then((body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }), reject);
      })
        .on('error', reject)
        .end();
    });
  }

  async function addSegmentFile(recordingId: string, file: string): Promise<string> {
    const spooled = path.join(folder, file.replaceAll('/', '-'));
    await writeFile(spooled, segmentBytes);
    locations.set(`${recordingId}/${file}`, { kind: 'file', file: spooled, bytes: segmentBytes.length, sha256: segmentSha256 });
    return spooled;
  }

  async function addStoredSegment(recordingId: string, file: string): Promise<string> {
    const key = `recordings/${recordingId}/${file}`;
    await store.put(key, { bytes: segmentBytes }, { contentType: 'video/mp4', sha256: segmentSha256 });
    locations.set(`${recordingId}/${file}`, { kind: 'stored', key, bytes: segmentBytes.length, sha256: segmentSha256 });
    return key;
  }

  return {
    delivery, clock, signer, store, playlists, locations, refusedUsers, asked, gateDown, port,
    fetchMedia, addSegmentFile, addStoredSegment,
    /** Someone, and a recording of some lecture with a finished playlist. */
    viewer() {
      const of = { userId: newId('usr'), lectureId: newId('lec'), recordingId: newId('rec') };
      playlists.set(`${of.recordingId}/main.m3u8`, { text: '#EXTM3U\nmain-video.m3u8\n'.repeat(50), isFinished: true });
      return of;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type DeliveryBench = Awaited<ReturnType<typeof openDeliveryBench>>;
