// Responsible for putting together what transcodes videos on a worker node. Owns the brake and the fetched source files.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { Clock, Database, JobHandler, JobQueue, JobWorker, Logger } from '#engine/kernel';
import type { RecorderConfig } from '../config.ts';
import type { VideoStore } from '../library/index.ts';
import type { ObjectStore } from '../storage/index.ts';
import type { FilterSupport } from './encode/videoFilters.ts';
import type { RecordingMedia } from './jobs/RecordingSource.ts';
import { SourceFiles } from './jobs/SourceFiles.ts';
import { Transcoder } from './jobs/Transcoder.ts';
import { TranscodeStore } from './jobs/TranscodeStore.ts';
import { maxDefaultThreads } from './limits.ts';
import type { TaskData } from './prepareJobs.ts';
import type { Brake } from './tools/Brake.ts';
import { noBrake } from './tools/Brake.ts';
import { CpuBrake } from './tools/CpuBrake.ts';
import { MediaTools } from './tools/MediaTools.ts';

export interface TranscodingOptions {
  config: Pick<RecorderConfig, 'LECTERN_TRANSCODES' | 'LECTERN_TRANSCODE_THREADS' | 'LECTERN_TRANSCODE_YIELDS' | 'LECTERN_LANGUAGE'>;
  ffmpegPath: string;
  database: Database;
  videos: VideoStore;
  recordings: RecordingMedia;
  store: ObjectStore;
  jobs: JobQueue;
  workFolder: string;
  environment: NodeJS.ProcessEnv;
  /** Whether a lecture is live on this machine, which then comes first. */
  isLectureLive: () => Promise<boolean>;
  clock: Clock;
  logger: Logger;
  /** Replaces the one of the settings. */
  brake?: Brake;
}

export interface Transcoding {
  handlers: [JobHandler<{ videoId: string }>, JobHandler<TaskData>];
  close(): Promise<void>;
}

/** Opens transcoding on this node. Its handlers run the jobs of all videos. */
export async function openTranscoding(options: TranscodingOptions): Promise<Transcoding> {
  const { config, ffmpegPath, logger, clock, environment, isLectureLive } = options;
  const brake = options.brake ?? (config.LECTERN_TRANSCODE_YIELDS ? new CpuBrake({ clock, logger, isLectureLive }) : noBrake);
  const sources = new SourceFiles(options);
  const threads = config.LECTERN_TRANSCODE_THREADS || Math.min(maxDefaultThreads, availableParallelism());
  const transcoder = new Transcoder({
    ...options,
    sources,
    transcodes: new TranscodeStore(options.database),
    tools: new MediaTools({ ffmpegPath, logger, brake, threads, environment }),
    support: await filterSupport(ffmpegPath),
    recordingLanguage: config.LECTERN_LANGUAGE,
  });
  const close = async () => {
    brake.close();
    await sources.close();
  };
  return { handlers: transcoder.handlers(config.LECTERN_TRANSCODES), close };
}

/** Lets a worker run the jobs of transcoding. */
export async function startTranscoding(worker: JobWorker, options: TranscodingOptions): Promise<Transcoding> {
  const transcoding = await openTranscoding(options);
  const [prepare, tasks] = transcoding.handlers;
  worker.handle(prepare);
  worker.handle(tasks);
  return transcoding;
}

async function filterSupport(ffmpegPath: string): Promise<FilterSupport> {
  const { stdout } = await promisify(execFile)(ffmpegPath, ['-hide_banner', '-filters'], { maxBuffer: 2 ** 22 });
  return { hasToneMapping: /\szscale\s/.test(stdout) && /\stonemap\s/.test(stdout) };
}
