import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Logger } from '#engine/kernel';
import type { MediaLocation, RecordingLibrary } from '../delivery/RecordingLibrary.ts';
import { initKey, recordingPrefix, segmentKey } from '../journal/keys.ts';
import type { SegmentRow } from '../journal/rows.ts';
import { contentTypeOf } from '../storage/contentTypeOf.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import { choosePosterSegment } from './choosePosterSegment.ts';
import { extractImage } from './extractImage.ts';
import { posterMaxWidthPx, posterTimeoutSeconds } from '../limits.ts';

export interface PosterOptions {
  library: Pick<RecordingLibrary, 'locate'>;
  store: ObjectStore;
  logger: Logger;
  ffmpegPath: string;
  /** For the files of ffmpeg, which are removed afterwards. */
  workFolder: string;
  limitSeconds?: number;
  /** Stops the attempt, unless the poster is being uploaded. */
  signal?: AbortSignal;
  /** Called before the poster replaces an older one in the store. */
  beforeUpload?(): Promise<void>;
}

export interface Poster {
  key: string;
  bytes: number;
  sha256: string;
}

/** Makes the poster of a recording and stores it. Undefined when no segment is suitable. @throws when it cannot be made */
export async function makePoster(recordingId: string, segments: readonly SegmentRow[], options: PosterOptions): Promise<Poster | undefined> {
  const segment = choosePosterSegment(segments);
  if (!segment) return undefined;
  const poster = await uploadPoster(recordingId, segment, options);
  options.logger.info({ recordingId, sizeBytes: poster.bytes }, 'poster.made');
  return poster;
}

async function uploadPoster(recordingId: string, segment: SegmentRow, options: PosterOptions): Promise<Poster> {
  const bytes = await extractPoster(await readMedia(recordingId, segment, options), options);
  const key = `${recordingPrefix(recordingId)}poster.jpg`;
  const sha256 = sha256OfBytes(bytes);
  options.signal?.throwIfAborted();
  await options.beforeUpload?.();
  await options.store.put(key, { bytes }, { contentType: contentTypeOf(key), sha256 });
  return { key, bytes: bytes.length, sha256 };
}

/** Reads the segment with its init segment. No temporary file exists meanwhile, because the store may be slow. */
async function readMedia(recordingId: string, { track, epoch, sequence }: SegmentRow, options: PosterOptions): Promise<Buffer> {
  const of = { recordingId, track };
  const chunks: Uint8Array[] = [];
  for (const key of [initKey(of, epoch), segmentKey(of, sequence)]) {
    const body = await openPart(recordingId, key.slice(recordingPrefix(recordingId).length), options);
    chunks.push(...((await body.toArray({ signal: options.signal })) as Uint8Array[]));
  }
  return Buffer.concat(chunks);
}

/** The first frame of an init segment and the segment after it, as JPEG. */
export async function extractPoster(media: Buffer, { ffmpegPath, workFolder, limitSeconds = posterTimeoutSeconds, signal }: Pick<PosterOptions, 'ffmpegPath' | 'workFolder' | 'limitSeconds' | 'signal'>): Promise<Buffer> {
  signal?.throwIfAborted();
  const folder = await mkdtemp(path.join(workFolder, 'poster-'));
  try {
    const input = path.join(folder, 'segment.mp4');
    const output = path.join(folder, 'poster.jpg');
    await writeFile(input, media, { signal });
    await extractImage({ ffmpegPath, input, output, maxWidthPx: posterMaxWidthPx, limitSeconds, signal });
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openPart(recordingId: string, part: string, { library, store }: PosterOptions): Promise<Readable> {
  const location = await library.locate(recordingId, part);
  if (!location) throw new Error(`${part} of ${recordingId} does not exist`);
  return open(location, store);
}

async function open(location: MediaLocation, store: ObjectStore): Promise<Readable> {
  if (location.kind === 'file') return createReadStream(location.file);
  return (await store.get(location.key, { sha256: location.sha256 })).body;
}
