import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { VideoRow, Videos } from './catalog/index.ts';
import type { Recorder } from './Recorder.ts';
import type { RecorderFact } from './RecorderFact.ts';
import type { ObjectStore } from './storage/index.ts';
import { makePoster } from './transcode/index.ts';

export interface KeepVideosOptions {
  recorder: Recorder;
  videos: Videos;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  titleOf: (lectureId: string) => Promise<string>;
  ffmpegPath: string;
  /** For the making of posters: `openWorkFolder`. */
  workFolder: string;
}

/** Keeps the catalogue in step with the recordings: a video from the first moment, its length, its poster. */
export function keepVideos(options: KeepVideosOptions): () => void {
  const { recorder, logger } = options;
  return recorder.onFact((fact) => background(`videos.${fact.type}`, keep(fact, options), logger));
}

/** Only so many, so that a start is not busy with pictures that cannot be made. */
const postersCaughtUp = 50;

/**
 * Does what an earlier run was killed before: videos of finished recordings hear of their end, and get their posters
 * in the background.
 */
export async function catchUpVideos(options: KeepVideosOptions): Promise<void> {
  const { recorder, videos, logger } = options;
  for (const { recordingId } of await videos.live()) {
    if ((await recorder.journal.recording(recordingId))?.state !== 'finished') continue;
    await videos.recordingFinished(recordingId, await recorder.recordings.extent(recordingId));
  }
  background('videos.catchUpPosters', givePosters(await videos.withoutPoster(postersCaughtUp), options), logger);
}

async function givePosters(found: readonly VideoRow[], options: KeepVideosOptions): Promise<void> {
  for (const { recordingId } of found) await givePoster(recordingId, options);
}

async function keep(fact: RecorderFact, options: KeepVideosOptions): Promise<void> {
  const { videos, titleOf } = options;
  switch (fact.type) {
    case 'recording.started': {
      const { recordingId, lectureId, courseId } = fact;
      await videos.recordingStarted({ recordingId, lectureId, courseId, title: await titleOf(lectureId) });
      return;
    }
    case 'recording.grew':
      await videos.recordingGrew(fact.recordingId, fact);
      if ((await videos.ofRecording(fact.recordingId))?.posterKey === null) await givePoster(fact.recordingId, options);
      return;
    case 'recording.finished':
      await videos.recordingFinished(fact.recordingId, fact);
      await givePoster(fact.recordingId, options);
      return;
    case 'recording.stored':
      // A store that was away took no poster either.
      if ((await videos.ofRecording(fact.recordingId))?.posterKey === null) await givePoster(fact.recordingId, options);
  }
}

async function givePoster(recordingId: string, options: KeepVideosOptions): Promise<void> {
  const { recorder, videos, store, clock, logger, ffmpegPath, workFolder } = options;
  const pictures = (await recorder.recordings.segments(recordingId)).filter(({ isFiller }) => !isFiller);
  const library = recorder.recordings;
  const before = await videos.ofRecording(recordingId);
  let isDetached = false;
  // Both lie under one key: a process killed in between must not leave the old one's size beside the new picture.
  const onTaken = async () => {
    isDetached = true;
    await videos.detachPoster(recordingId);
  };
  const poster = await makePoster(recordingId, pictures, { library, store, clock, logger, ffmpegPath, workFolder, onTaken });
  if (poster) await videos.attachPoster(recordingId, poster);
  else if (before && isDetached) await videos.keepPoster(before);
}
