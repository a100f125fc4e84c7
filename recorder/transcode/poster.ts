import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { retry } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { MediaLocation, RecordingLibrary } from '../delivery/RecordingLibrary.ts';
import { initKey, recordingPrefix, segmentKey } from '../journal/keys.ts';
import type { SegmentRow } from '../journal/rows.ts';
import { contentTypeOf } from '../storage/contentTypeOf.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { choosePosterSegment } from './choosePosterSegment.ts';
import { extractPicture } from './extractPicture.ts';

export interface PosterOptions {
  library: Pick<RecordingLibrary, 'locate'>;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  ffmpegPath: string;
  /** For what ffmpeg reads and writes; emptied afterwards. */
  workFolder: string;
  limitSeconds?: number;
  /** The picture is there, and about to take the place of an older one in the store. */
  onTaken?(): Promise<void>;
}

export interface Poster {
  key: string;
  bytes: number;
  sha256: string;
}

const maxWidthPx = 1280;
const attempts = 2;

/** Makes the poster of a recording and puts it into the store. Nothing depends on it: a failure is logged, no more. */
export async function makePoster(recordingId: string, segments: readonly SegmentRow[], options: PosterOptions): Promise<Poster | undefined> {
  const segment = choosePosterSegment(segments);
  if (!segment) return undefined;
  const { clock, logger } = options;
  try {
    const once = () => takePoster(recordingId, segment, options);
    const poster = await retry(once, { clock, firstDelayMs: 1000, maxDelayMs: 1000, attempts });
    logger.info({ recordingId, sizeBytes: poster.bytes }, 'poster.made');
    return poster;
  } catch (err) {
    logger.warn({ err, recordingId }, 'poster.failed');
    return undefined;
  }
}

async function takePoster(recordingId: string, segment: SegmentRow, options: PosterOptions): Promise<Poster> {
  const folder = await mkdtemp(path.join(options.workFolder, 'poster-'));
  try {
    const input = path.join(folder, 'segment.mp4');
    const output = path.join(folder, 'poster.jpg');
    const track = { recordingId, track: segment.track };
    for (const key of [initKey(track, segment.epoch), segmentKey(track, segment.sequence)]) {
      const part = key.slice(recordingPrefix(recordingId).length);
      await pipeline(await openPart(recordingId, part, options), createWriteStream(input, { flags: 'a' }));
    }
    await extractPicture({ ffmpegPath: options.ffmpegPath, input, output, maxWidthPx, limitSeconds: options.limitSeconds ?? 30 });
    const bytes = await readFile(output);
    const key = `${recordingPrefix(recordingId)}poster.jpg`;
    const sha256 = sha256OfBytes(bytes);
    await options.onTaken?.();
    await options.store.put(key, { bytes }, { contentType: contentTypeOf(key), sha256 });
    return { key, bytes: bytes.length, sha256 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openPart(recordingId: string, part: string, { library, store }: PosterOptions): Promise<Readable> {
  const location = await library.locate(recordingId, part);
  if (!location) throw new Error(`${part} of ${recordingId} is not there`);
  return open(location, store);
}

async function open(location: MediaLocation, store: ObjectStore): Promise<Readable> {
  if (location.kind === 'file') return createReadStream(location.file);
  return (await store.get(location.key, { sha256: location.sha256 })).body;
}
