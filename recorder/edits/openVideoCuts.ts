import type { Bus, Clock, Database } from '#engine/kernel';
import type { RecordingLibrary } from '../delivery/RecordingLibrary.ts';
import type { VideoStore } from '../library/index.ts';
import { VideoMedia } from '../renditions/index.ts';
import type { ObjectStore } from '../storage/index.ts';
import { UncutPlaylists } from './UncutPlaylists.ts';
import { VideoCuts } from './VideoCuts.ts';

export interface OpenVideoCutsOptions {
  database: Database;
  bus: Bus;
  clock: Clock;
  recordings: Pick<RecordingLibrary, 'playlist'>;
  videos: VideoStore;
  store: ObjectStore;
}

export function openVideoCuts({ recordings, ...options }: OpenVideoCutsOptions): VideoCuts {
  return new VideoCuts({ ...options, playlists: new UncutPlaylists({ library: recordings, renditions: new VideoMedia(options) }) });
}
