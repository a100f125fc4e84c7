import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { sha256OfBytes } from '../../storage/sha256.ts';
import type { ObjectStore } from '../../storage/index.ts';
import { Manifest, renditionPrefix, videoPrefix } from '../Manifest.ts';
import type { ManifestRendition } from '../Manifest.ts';
import type { StoredFile } from '../../library/index.ts';

const run = promisify(execFile);
const ffmpegPath = process.env['LECTERN_FFMPEG'] ?? 'ffmpeg';

export interface LadderOptions {
  videoId: string;
  generation: number;
  store: ObjectStore;
  /** For temporary files. */
  folder: string;
  seconds: number;
}

interface Encoding {
  summary: Pick<ManifestRendition, 'id' | 'kind' | 'codecString' | 'widthPx' | 'heightPx' | 'frameRate' | 'channelCount'>;
  input: readonly string[];
  encoder: readonly string[];
}

/** Two renditions of a test image and one of a tone, by ffmpeg, with a manifest: as they are after a file was transcoded. */
export async function makeLadder(options: LadderOptions): Promise<{ manifest: Manifest; file: StoredFile }> {
  const { seconds, store, videoId, generation } = options;
  const video = (heightPx: number, widthPx: number): Encoding => ({
    summary: { id: `h264-${heightPx}p`, kind: 'video', codecString: 'avc1.42c01f', widthPx, heightPx, frameRate: 25, channelCount: null },
    input: ['-f', 'lavfi', '-i', `testsrc2=size=${widthPx}x${heightPx}:rate=25`],
    encoder: ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0'],
  });
  const audio: Encoding = {
    summary: { id: 'aac-0', kind: 'audio', codecString: 'mp4a.40.2', widthPx: null, heightPx: null, frameRate: null, channelCount: 2 },
    input: ['-f', 'lavfi', '-i', 'sine=440:r=48000'],
    encoder: ['-c:a', 'aac', '-ac', '2'],
  };
  const renditions: ManifestRendition[] = [];
  for (const encoding of [video(360, 640), video(180, 320), audio]) renditions.push(await encode(encoding, options));
  const manifest = Manifest.parse({ version: 1, durationMs: seconds * 1000, renditions });
  const bytes = Buffer.from(JSON.stringify(manifest));
  const file = { key: `${videoPrefix(videoId)}${generation}/manifest.json`, bytes: bytes.length, sha256: sha256OfBytes(bytes) };
  await store.put(file.key, { bytes }, { contentType: 'application/json', sha256: file.sha256 });
  return { manifest, file };
}

/** One file of ffmpeg, with two parts: the segments of each half. */
async function encode({ summary, input, encoder }: Encoding, { seconds, folder, store, videoId, generation }: LadderOptions): Promise<ManifestRendition> {
  const list = `${summary.id}.m3u8`;
  await run(ffmpegPath, ['-nostdin', '-loglevel', 'error', '-y', ...input, '-t', String(seconds), ...encoder, '-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', '-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', `${summary.id}-init.mp4`, '-hls_segment_filename', `${summary.id}-%03d.m4s`, list], { cwd: folder });
  const read = (name: string) => readFile(path.join(folder, name));
  const lines = (await read(list)).toString().split('\n');
  const durations = lines.flatMap((line) => /^#EXTINF:([\d.]+)/.exec(line)?.[1] ?? []).map((text) => Number(text) * 1000);
  const files = await Promise.all(lines.filter((line) => line.endsWith('.m4s')).map(read));
  const half = Math.ceil(files.length / 2);
  const prefix = renditionPrefix(videoId, { generation, renditionId: summary.id });
  const put = async (name: string, bytes: Buffer) => {
    const file = { key: `${prefix}${name}`, bytes: bytes.length, sha256: sha256OfBytes(bytes) };
    await store.put(file.key, { bytes }, { contentType: 'video/mp4', sha256: file.sha256 });
    return file;
  };
  const segments = files.map((file, index) => {
    const part = index < half ? 0 : 1;
    const before = files.slice(part * half, index).reduce((sum, each) => sum + each.length, 0);
    return { part, offset: before, bytes: file.length, durationMs: durations[index] ?? 0, ...(summary.kind === 'video' && { keyframeBytes: file.length }) };
  });
  const bytes = files.reduce((sum, file) => sum + file.length, 0);
  const parts = [await put('0.mp4', Buffer.concat(files.slice(0, half))), await put('1.mp4', Buffer.concat(files.slice(half)))];
  const peakBps = Math.ceil(Math.max(...segments.map((segment) => (segment.bytes * 8000) / segment.durationMs)));
  return { ...summary, group: 'main', language: null, peakBps, averageBps: Math.ceil((bytes * 8) / seconds), bytes, init: await put('init.mp4', await read(`${summary.id}-init.mp4`)), parts, segments };
}
