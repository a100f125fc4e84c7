import * as z from 'zod';
import { VideoId } from '#engine/contract';
import { jobKind } from '#engine/kernel';
import type { NewJob } from '#engine/kernel';
import { failingAttempts, transcodeAttempts, transcodeRetryFirstMs, transcodeRetryMaxMs } from './limits.ts';

interface PrepareData {
  videoId: string;
}

const retries = { maxAttempts: transcodeAttempts + failingAttempts, retryFirstMs: transcodeRetryFirstMs, retryMaxMs: transcodeRetryMaxMs };

/** Finds out what a video contains, makes it playable if it can be played as it is, and divides the rest of the work into tasks. */
export const prepareJobs = jobKind<PrepareData>('video.prepare', { data: z.object({ videoId: VideoId }), priority: 2, ...retries });

/** The job of a video whose source is complete: an upload, or the recording of a lecture that has ended. */
export function prepareJob(videoId: string): NewJob<PrepareData> {
  return { key: videoId, data: { videoId }, ifRunning: 'again' };
}

/** A task of a video: `video-main-0-3` is part 3 of the first pass over its main video. */
export const TaskName = z.string().regex(/^(video-(main|screen)-\d-\d{1,5}|audio-\d{1,2}|fold-first|fold|remove)$/);

export interface TaskData {
  videoId: string;
  /** Of the transcode: tasks of one that was cancelled do nothing. */
  runId: string;
  task: string;
}

export const taskJobs = jobKind<TaskData>('video.transcode', { data: z.object({ videoId: VideoId, runId: z.string().max(60), task: TaskName }), ...retries });

/** Higher ones run first: what makes a video playable before what makes it better. */
export const taskPriorities = { first: 3, audio: 2, fold: 4, rest: 0, remove: -1 } as const;

export function taskJob(data: TaskData, priority: number): NewJob<TaskData> {
  return { key: `${data.runId} ${data.task}`, data, priority };
}
