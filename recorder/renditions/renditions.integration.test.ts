import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCoded, UserId, VideoId } from '#engine/contract';
import { newId, TokenSigner } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger } from '#engine/testing';
import { CaptionMedia, CaptionStore } from '../captions/index.ts';
import { MediaDelivery } from '../delivery/MediaDelivery.ts';
import { VideoStore } from '../library/index.ts';
import { knownVideoMs } from '../limits.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import type { ObjectStore } from '../storage/index.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { summaryOf } from './Manifest.ts';
import type { Manifest } from './Manifest.ts';
import { makeLadder } from './testing/makeLadder.ts';
import { Edits } from '../edits/index.ts';
import { VideoMedia } from './VideoMedia.ts';

const run = promisify(execFile);
const ffprobePath = process.env['LECTERN_FFPROBE'] ?? 'ffprobe';
const seconds = 8;
const videoId = VideoId.parse(newId('vid'));
const clock = new ManualClock();

let folder: string;
let database: Database;
let store: ObjectStore;
let videos: VideoStore;
let server: Server;
let base: string;
let manifest: Manifest;

/** An upload whose renditions are stored, behind the real delivery on a real port. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-renditions-'));
  database = await openTestDatabase();
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  videos = new VideoStore(database);
  const sourceFile = { key: `videos/${videoId}/source/upl`, bytes: 1000, sha256: '0'.repeat(64), fileName: 'waves.mov', contentType: 'video/quicktime' };
  await videos.createUpload({ videoId, courseId: newId('crs'), createdBy: newId('usr'), title: 'Waves', sourceFile, createdAt: '2030-01-01T10:00:00.000Z' });
  const made = await makeLadder({ videoId, generation: 1, store, folder, seconds });
  manifest = made.manifest;
  await videos.switchManifest(videoId, { generation: 1, manifest: made.file, renditions: manifest.renditions.map(summaryOf), durationSeconds: seconds, hasScreen: false, bytes: 5000 });
  const signer = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, clock);
  const library = { playlist: async () => undefined, locate: async () => undefined };
  const delivery = new MediaDelivery({ signer, library, renditions: new VideoMedia({ videos, store, clock }), edits: new Edits({ videos, store, clock }), posters: videos, captions: new CaptionMedia({ videos, captions: new CaptionStore({ database, clock }), clock }), gate: { mayWatch: async () => true }, store, clock, logger: silentLogger, isRedirecting: false });
  server = createServer((request, response) => {
    const [, , token = '', ...rest] = (request.url ?? '').split('/');
    delivery.serve({ method: request.method ?? 'GET', token, path: rest.join('/'), range: request.headers.range }).then(
      async ({ status, headers, body }) => {
        response.writeHead(status, headers);
        await (body instanceof Readable ? pipeline(body, response) : response.end(body ?? undefined));
      },
      (err: unknown) => void response.writeHead(isCoded(err) ? 404 : 500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const token = signer.sign('playback', { videoId, recordingId: null, viewer: { userId: UserId.parse(newId('usr')), loginId: 'x' } }, 3600);
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media/${token}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await store.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const text = async (name: string) => (await fetch(`${base}/${name}`)).text();

async function probe(name: string): Promise<{ streams: { codec_name: string; width?: number; nb_read_packets: string }[]; format: { duration: string } }> {
  const { stdout } = await run(ffprobePath, ['-v', 'error', '-allowed_extensions', 'ALL', '-count_packets', '-show_entries', 'stream=codec_name,width,nb_read_packets:format=duration', '-of', 'json', `${base}/${name}`]);
  return JSON.parse(stdout) as Awaited<ReturnType<typeof probe>>;
}

describe('An upload with renditions', () => {
  it('has a multivariant playlist with every video rendition and the audio', async () => {
    const playlist = await text('v/main.m3u8');
    const [small, large] = ['h264-180p', 'h264-360p'];
    expect(playlist.split('\n').filter((line) => !line.startsWith('#') && line !== '').sort()).toEqual([`${small}.m3u8`, `${large}.m3u8`]);
    expect(playlist).toContain('#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio-mp4a-40-2",NAME="Audio 1",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="aac-0.m3u8"');
    expect(playlist).toMatch(/CODECS="avc1.42c01f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=25.000,AUDIO="audio-mp4a-40-2"/);
    expect(playlist).toContain(`URI="${small}-iframes.m3u8"`);
  });

  it('is read to its end by ffprobe, every rendition', async () => {
    for (const [name, codec, packets] of [['h264-360p', 'h264', seconds * 25], ['h264-180p', 'h264', seconds * 25]] as const) {
      const { streams, format } = await probe(`v/${name}.m3u8`);
      expect(streams).toMatchObject([{ codec_name: codec, nb_read_packets: String(packets) }]);
      expect(Number(format.duration)).toBeCloseTo(seconds, 1);
    }
    expect((await probe('v/aac-0.m3u8')).streams).toMatchObject([{ codec_name: 'aac' }]);
    expect((await probe('v/main.m3u8')).streams.map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264', 'h264']);
  });

  it('is served by byte ranges that are the segments of its manifest', async () => {
    const rendition = manifest.renditions[0];
    const segment = rendition?.segments.at(-1);
    if (!rendition || !segment) throw new Error('no segment');
    const playlist = await text(`v/${rendition.id}.m3u8`);
    expect(playlist).toContain(`#EXT-X-BYTERANGE:${segment.bytes}@${segment.offset}\n1/${rendition.id}/1.mp4\n#EXT-X-ENDLIST`);
    const response = await fetch(`${base}/v/1/${rendition.id}/1.mp4`, { headers: { range: `bytes=${segment.offset}-${segment.offset + segment.bytes - 1}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([response.status, bytes.length, response.headers.get('cache-control')]).toEqual([206, segment.bytes, 'private, max-age=86400, immutable']);
    expect(['styp', 'moof', 'sidx']).toContain(bytes.toString('latin1', 4, 8));
  });

  it('has no files but those of its manifest', async () => {
    const missing = ['v/other.m3u8', 'v/screen.m3u8', 'v/2/h264-360p/0.mp4', 'v/1/h264-360p/2.mp4', 'v/1/other/0.mp4', 'v/1/h264-360p/manifest.json', 'v/manifest.json', 'v/source/upl', 'main.m3u8', 'main-video/000000.m4s', 'v/storyboard.vtt', 'v/waveform.json', 'v/../../x', 'poster.jpg'];
    for (const name of missing) expect((await fetch(`${base}/${name}`)).status, name).toBe(404);
  });

  it('has its images once they are made', async () => {
    const put = async (name: string, content: string) => {
      const bytes = Buffer.from(content);
      const file = { key: `videos/${videoId}/1/${name}`, bytes: bytes.length, sha256: sha256OfBytes(bytes) };
      await store.put(file.key, { bytes }, { contentType: 'image/jpeg', sha256: file.sha256 });
      return file;
    };
    await videos.setImages(videoId, { storyboard: { sprites: [await put('storyboard-0.jpg', 'sprite')], index: await put('storyboard.vtt', 'WEBVTT\n') }, waveform: await put('waveform.json', '[]'), poster: await put('poster.jpg', 'poster') });
    clock.advance(knownVideoMs);
    expect([await text('v/storyboard.vtt'), await text('v/storyboard-0.jpg'), await text('v/waveform.json'), await text('poster.jpg')]).toEqual(['WEBVTT\n', 'sprite', '[]', 'poster']);
    expect((await fetch(`${base}/v/storyboard.vtt`)).headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    expect((await fetch(`${base}/v/storyboard-1.jpg`)).status).toBe(404);
  });

  it('plays the renditions that were made again, and not those before them', async () => {
    const again = await makeLadder({ videoId, generation: 2, store, folder, seconds: 4 });
    const renditions = again.manifest.renditions.map(summaryOf);
    expect(await videos.switchManifest(videoId, { generation: 2, manifest: again.file, renditions, durationSeconds: 4, hasScreen: false, bytes: 1 })).toBe(true);
    expect(await videos.switchManifest(videoId, { generation: 1, manifest: again.file, renditions, durationSeconds: 4, hasScreen: false, bytes: 1 })).toBe(false);
    clock.advance(knownVideoMs);
    expect(await text('v/aac-0.m3u8')).toContain('\n2/aac-0/0.mp4');
    expect((await fetch(`${base}/v/1/aac-0/0.mp4`)).status).toBe(404);
    expect(Number((await probe('v/h264-180p.m3u8')).format.duration)).toBeCloseTo(4, 1);
  });

  it('answers object.corrupt for a manifest that is none', async () => {
    const bytes = Buffer.from('{}');
    await writeFile(path.join(folder, 'x'), bytes);
    await store.put('videos/x/manifest.json', { bytes }, { contentType: 'application/json', sha256: sha256OfBytes(bytes) });
    const media = new VideoMedia({ videos, store, clock });
    await expect(media.manifest({ key: 'videos/x/manifest.json', bytes: 2, sha256: sha256OfBytes(bytes) })).rejects.toMatchObject({ code: 'object.corrupt' });
  });
});
