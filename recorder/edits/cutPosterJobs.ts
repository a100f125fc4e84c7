// Responsible for a poster that shows nothing of what is cut.
import * as z from 'zod';
import { buffer } from 'node:stream/consumers';
import { VideoId } from '#engine/contract';
import { jobKind, newId } from '#engine/kernel';
import type { JobHandler, JobQueue } from '#engine/kernel';
import { posterJob, posterJobs } from '../library/posterJobs.ts';
import type { VideoRow, VideoStore } from '../library/index.ts';
import { posterAttempts, posterRetryMs } from '../limits.ts';
import { renditionsIn, videoPrefix } from '../renditions/index.ts';
import type { Manifest, ManifestRendition, VideoMedia } from '../renditions/index.ts';
import { sha256OfBytes } from '../storage/sha256.ts';
import type { ObjectStore } from '../storage/index.ts';
import { extractPoster } from '../transcode/poster.ts';
import { isServed } from './cutPlaylist.ts';
import type { Edit } from './cutPlaylist.ts';
import { editOf } from './Edits.ts';

/** Makes a poster of an upload of which something is cut. `before` is the key of the one that it had. */
export const cutPosterJobs = jobKind('video.cutPoster', { data: z.object({ videoId: VideoId, before: z.string().max(200).nullable() }), maxAttempts: posterAttempts, retryFirstMs: posterRetryMs });

/** Where in what is left the image is taken, as for an upload. */
const posterAt = 0.1;
/** A larger rendition is no better for a poster. */
const maxPosterSourceHeightPx = 720;

/** Asks for the poster of a video whose poster was taken away. */
export async function askForCutPoster(jobs: Pick<JobQueue, 'add'>, { _id, recordingId, posterKey }: VideoRow): Promise<void> {
  if (recordingId !== null) await jobs.add(posterJobs, posterJob(recordingId, 'again'));
  else await jobs.add(cutPosterJobs, { key: _id, data: { videoId: VideoId.parse(_id), before: posterKey }, ifRunning: 'again' });
}

export interface CutPosterOptions {
  videos: VideoStore;
  renditions: Pick<VideoMedia, 'manifest'>;
  store: Pick<ObjectStore, 'get' | 'put' | 'delete'>;
  ffmpegPath: string;
  /** For temporary files. */
  workFolder: string;
}

export function cutPosterMaker(options: CutPosterOptions): JobHandler<z.infer<typeof cutPosterJobs.data>> {
  return {
    kind: cutPosterJobs,
    concurrency: 1,
    run: async ({ data: { videoId, before }, signal }) => {
      const { videos, renditions, store } = options;
      const row = await videos.find(videoId);
      if (!row?.manifest || row.deletedAt !== null) return;
      const source = segmentForPoster(await renditions.manifest(row.manifest), editOf(row) ?? { cuts: [] });
      if (!source) return;
      const bytes = await extractPoster(await readSegment(store, source), { ...options, signal });
      const poster = { key: `${videoPrefix(videoId)}poster-${newId('img')}.jpg`, bytes: bytes.length, sha256: sha256OfBytes(bytes) };
      await store.put(poster.key, { bytes }, { contentType: 'image/jpeg', sha256: poster.sha256 });
      if (!(await videos.setImages(videoId, { poster }))) await store.delete(poster.key);
      else if (before !== null) await store.delete(before);
    },
  };
}

interface PosterSource {
  rendition: ManifestRendition;
  index: number;
}

/** A segment near the beginning of what is left. */
function segmentForPoster(manifest: Manifest, edit: Edit): PosterSource | undefined {
  const videos = renditionsIn(manifest, 'main', 'video').toSorted((a, b) => (a.heightPx ?? 0) - (b.heightPx ?? 0));
  const rendition = videos.findLast(({ heightPx }) => (heightPx ?? 0) <= maxPosterSourceHeightPx) ?? videos[0];
  if (!rendition) return undefined;
  let endMs = 0;
  const left = rendition.segments.flatMap(({ durationMs }, index) => {
    const startMs = endMs;
    endMs += durationMs;
    return isServed({ startMs, endMs }, edit) ? [index] : [];
  });
  const index = left[Math.floor(left.length * posterAt)];
  return index === undefined ? undefined : { rendition, index };
}

async function readSegment(store: Pick<ObjectStore, 'get'>, { rendition, index }: PosterSource): Promise<Buffer> {
  const segment = rendition.segments[index];
  const part = rendition.parts[segment?.part ?? 0];
  if (!segment || !part) throw new RangeError('there is no such segment');
  const init = await buffer((await store.get(rendition.init.key, { sha256: rendition.init.sha256 })).body);
  const media = await buffer((await store.get(part.key, { range: { first: segment.offset, last: segment.offset + segment.bytes - 1 } })).body);
  return Buffer.concat([init, media]);
}
