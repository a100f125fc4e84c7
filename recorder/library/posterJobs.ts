import * as z from 'zod';
import { RecordingId } from '#engine/contract';
import { jobKind, retryUntilPersisted } from '#engine/kernel';
import type { Clock, JobHandler, Logger, NewJob } from '#engine/kernel';
import { maxPostersAtOnce, posterAttempts, posterRetryMs } from '../limits.ts';
import type { Recorder } from '../Recorder.ts';
import type { ObjectStore } from '../storage/index.ts';
import { isServed } from '../edits/cutPlaylist.ts';
import { makePoster } from '../transcode/index.ts';
import type { VideoStore } from './VideoStore.ts';

interface PosterData {
  recordingId: string;
}

/** Makes the poster of a recording as it is now, and adds it to the row of its video. */
export const posterJobs = jobKind<PosterData>('video.poster', { data: z.object({ recordingId: RecordingId }), maxAttempts: posterAttempts, retryFirstMs: posterRetryMs });

/** `again`: also if a poster is being made, because the recording has changed since. */
export function posterJob(recordingId: string, ifRunning: 'keep' | 'again' = 'keep'): NewJob<PosterData> {
  return { key: recordingId, data: { recordingId }, ifRunning };
}

export interface PosterMakerOptions {
  recorder: Pick<Recorder, 'recordings'>;
  videos: VideoStore;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  ffmpegPath: string;
  /** For temporary files. */
  workFolder: string;
}

export function posterMaker(options: PosterMakerOptions): JobHandler<PosterData> {
  return { kind: posterJobs, concurrency: maxPostersAtOnce, run: ({ data, signal }) => make(data.recordingId, signal, options) };
}

async function make(recordingId: string, signal: AbortSignal, options: PosterMakerOptions): Promise<void> {
  const { recorder, videos, clock } = options;
  signal.throwIfAborted();
  const before = await videos.ofRecording(recordingId);
  const edit = { cuts: before?.cuts ?? [] };
  const segments = (await recorder.recordings.segments(recordingId)).filter(({ isFiller, startMs, durationMs }) => !isFiller && isServed({ startMs, endMs: startMs + durationMs }, edit));
  let isDetached = false;
  // Both posters have the same key: a crash must not leave the size of the old one with the new image.
  const beforeUpload = async () => {
    isDetached = true;
    await videos.detachPoster(recordingId);
  };
  try {
    const poster = await makePoster(recordingId, segments, { ...options, library: recorder.recordings, beforeUpload, signal });
    if (poster) await retryUntilPersisted(() => videos.attachPoster(recordingId, poster), { clock, signal });
  } catch (err) {
    if (before && isDetached) await retryUntilPersisted(() => videos.restorePoster(before), { clock, signal });
    throw err;
  }
}
