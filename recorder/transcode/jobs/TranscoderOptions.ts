import type { Clock, JobQueue, Logger } from '#engine/kernel';
import type { VideoStore } from '../../library/index.ts';
import type { ObjectStore } from '../../storage/index.ts';
import type { FilterSupport } from '../encode/videoFilters.ts';
import type { MediaTools } from '../tools/MediaTools.ts';
import type { RecordingMedia } from './RecordingSource.ts';
import type { SourceFiles } from './SourceFiles.ts';
import type { TranscodeStore } from './TranscodeStore.ts';

/** What the jobs of transcoding work with. */
export interface TranscoderOptions {
  videos: VideoStore;
  recordings: RecordingMedia;
  transcodes: TranscodeStore;
  store: ObjectStore;
  jobs: JobQueue;
  sources: SourceFiles;
  tools: MediaTools;
  support: FilterSupport;
  /** BCP 47 tag of the audio of recordings; `und`: undetermined. */
  recordingLanguage: string;
  /** Each job has a folder of its own in it. */
  workFolder: string;
  clock: Clock;
  logger: Logger;
}
