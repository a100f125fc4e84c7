import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { isCoded, RecordingId, UserId, VideoId } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { newId, TokenSigner } from '#engine/kernel';
import { ManualClock, silentLogger } from '#engine/testing';
import { Edits } from '../../edits/index.ts';
import { withDefaults } from '../../library/index.ts';
import type { Cut } from '../../library/index.ts';
import { openFolderObjectStore } from '../../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../../storage/ObjectStore.ts';
import { sha256OfBytes } from '../../storage/sha256.ts';
import { MediaDelivery } from '../MediaDelivery.ts';
import type { MediaLocation, PlaylistText, TextFile } from '../RecordingLibrary.ts';

export interface FetchedMedia {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface MediaFetch {
  method?: string;
  headers?: Record<string, string>;
}

export interface Viewer {
  userId: string;
  videoId: string;
  recordingId: string;
}

export const segmentBytes = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz');
export const segmentSha256 = createHash('sha256').update(segmentBytes).digest('hex');

/** A delivery with a library and a gate whose answers a test sets. Owns all of it. */
export async function openDeliveryBench(options: { store?: ObjectStore; isRedirecting?: boolean } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-delivery-'));
  const clock = new ManualClock();
  const signer = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, clock);
  const store = options.store ?? (await openFolderObjectStore(path.join(folder, 'objects')));
  const playlists = new Map<string, PlaylistText>();
  const locations = new Map<string, MediaLocation>();
  const refusedUsers = new Set<string>();
  const endedLogins = new Set<string>();
  /** Renditions: playlists by `<video>/<name>`, and files by `<video>/<path>`. */
  const renditions = { playlists: new Map<string, PlaylistText>(), files: new Map<string, MediaLocation>() };
  /** Captions: tracks by video, files by `<video>/<track>/<name>`. */
  const captions = { tracks: new Map<string, { id: string; language: string; label: string }[]>(), files: new Map<string, TextFile>(), forgotten: [] as string[] };
  const asked = { gate: 0, library: 0 };
  const gateDown = { isDown: false };
  /** By video. */
  const cuts = new Map<string, Cut[]>();
  const findVideo = async (videoId: string) => withDefaults({ _id: videoId, courseId: 'crs_1', title: 'Waves', state: 'ready', createdAt: '2030-01-01T00:00:00.000Z', durationSeconds: 20, cuts: cuts.get(videoId) ?? [] });
  const delivery = new MediaDelivery({
    signer,
    clock,
    store,
    logger: silentLogger,
    isRedirecting: options.isRedirecting ?? false,
    library: {
      playlist: async (recordingId, name, isDelta) => playlists.get(`${recordingId}/${name}${isDelta ? '?delta' : ''}`),
      async locate(recordingId, file) {
        asked.library += 1;
        return locations.get(`${recordingId}/${file}`);
      },
    },
    renditions: {
      playlist: async (videoId, name) => renditions.playlists.get(`${videoId}/${name}`),
      locate: async (videoId, file) => renditions.files.get(`${videoId}/${file}`),
    },
    captions: {
      tracks: async (videoId) => captions.tracks.get(videoId) ?? [],
      playlist: async (_videoId, captionId, mediaPlaylist) => `captions ${captionId} beside ${mediaPlaylist}`,
      file: async (videoId, captionId, name) => captions.files.get(`${videoId}/${captionId}/${name}`),
      forget: (videoId) => void captions.forgotten.push(videoId),
      forgetAll: () => undefined,
    },
    edits: new Edits({ videos: { find: findVideo }, store, clock }),
    posters: { locatePoster: async (videoId) => locations.get(`${videoId}/poster.jpg`) },
    gate: {
      async mayWatch(viewer) {
        asked.gate += 1;
        if (gateDown.isDown) throw new Error('the gate is down');
        return 'linkId' in viewer ? !endedLogins.has(viewer.linkId) : !refusedUsers.has(viewer.userId) && !endedLogins.has(viewer.loginId);
      },
    },
  });

  async function fetchMedia(url: string, { method = 'GET', headers = {} }: MediaFetch = {}): Promise<FetchedMedia> {
    const [, , token = '', ...rest] = url.split('?', 1)[0]?.split('/') ?? [];
    const conditions = { range: headers.range, ifRange: headers['if-range'], ifNoneMatch: headers['if-none-match'], acceptEncoding: headers['accept-encoding'] };
    const query = Object.fromEntries(new URLSearchParams(url.split('?')[1]));
    const response = await delivery.serve({ method, token, path: rest.join('/'), query, ...conditions });
    const body = response.body instanceof Readable ? await buffer(response.body) : (response.body ?? Buffer.alloc(0));
    return { status: response.status, headers: response.headers, body };
  }

  /** The code that a request is refused with; `undefined` if it is served. */
  async function refusalCode(url: string, request: MediaFetch = {}): Promise<ErrorCode | undefined> {
    try {
      await fetchMedia(url, request);
      return undefined;
    } catch (err) {
      if (isCoded(err)) return err.code;
      throw err;
    }
  }

  async function addSegmentFile(recordingId: string, file: string, content = segmentBytes): Promise<string> {
    const spooled = path.join(folder, file.replaceAll('/', '-'));
    await writeFile(spooled, content);
    locations.set(`${recordingId}/${file}`, { kind: 'file', file: spooled, bytes: content.length, sha256: sha256OfBytes(content) });
    return spooled;
  }

  async function addStoredSegment(recordingId: string, file: string): Promise<string> {
    const key = `recordings/${recordingId}/${file}`;
    await store.put(key, { bytes: segmentBytes }, { contentType: 'video/mp4', sha256: segmentSha256 });
    locations.set(`${recordingId}/${file}`, { kind: 'stored', key, bytes: segmentBytes.length, sha256: segmentSha256 });
    return key;
  }

  return {
    delivery, clock, signer, store, playlists, locations, renditions, captions, refusedUsers, endedLogins, asked, gateDown, cuts,
    fetchMedia, refusalCode, addSegmentFile, addStoredSegment,
    /** The address of its playlist, for six hours. */
    addressOf(viewer: Viewer): string {
      return `/media/${signer.sign('playback', claimsOf(viewer), 6 * 3600)}/main.m3u8`;
    },
    /** Someone, and a video from a recording with a finished playlist. */
    viewer(): Viewer {
      const of = { userId: newId('usr'), videoId: newId('vid'), recordingId: newId('rec') };
      playlists.set(`${of.recordingId}/main.m3u8`, { text: '#EXTM3U\nmain-video.m3u8\n'.repeat(50), isFinished: true });
      return of;
    },
    async close(): Promise<void> {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type DeliveryBench = Awaited<ReturnType<typeof openDeliveryBench>>;

/** Each person has one login. */
export function loginOf(userId: string): string {
  return `login of ${userId}`;
}

export function claimsOf({ userId, videoId, recordingId }: Viewer) {
  return { videoId: VideoId.parse(videoId), recordingId: RecordingId.parse(recordingId), viewer: { userId: UserId.parse(userId), loginId: loginOf(userId) } };
}
