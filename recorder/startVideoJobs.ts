// Responsible for the background jobs of the recorder: posters, renditions, folded recordings and the sweep of uploads. Owns what runs in them.
import { ResourceStack } from '#engine/kernel';
import type { JobWorker } from '#engine/kernel';
import { cutPosterMaker } from './edits/cutPosterJobs.ts';
import { startFolding } from './journal/folding/foldJobs.ts';
import { posterMaker } from './library/posterJobs.ts';
import type { Recorder } from './Recorder.ts';
import { VideoMedia } from './renditions/index.ts';
import { startTranscoding } from './transcode/index.ts';
import type { TranscodingOptions } from './transcode/index.ts';
import type { OpenedUploads } from './upload/index.ts';

export interface VideoJobsOptions extends Omit<TranscodingOptions, 'ffmpegPath'> {
  recordings: Recorder['recordings'];
  uploading: OpenedUploads;
  config: TranscodingOptions['config'] & { LECTERN_FFMPEG: string };
}

/** Registers the handlers with a worker that has not started. */
export async function startVideoJobs(worker: JobWorker, options: VideoJobsOptions): Promise<{ close(): Promise<void> }> {
  const { recordings, uploading, config } = options;
  const ffmpegPath = config.LECTERN_FFMPEG;
  await using building = new ResourceStack();
  worker.handle(posterMaker({ ...options, recorder: { recordings }, ffmpegPath }));
  worker.handle(cutPosterMaker({ ...options, renditions: new VideoMedia(options), ffmpegPath }));
  building.add('transcoding', await startTranscoding(worker, { ...options, ffmpegPath }));
  building.defer('sweep of uploads', uploading.work(worker));
  building.defer('folding', startFolding(worker, options));
  const parts = building.move();
  return { close: () => parts[Symbol.asyncDispose]() };
}
