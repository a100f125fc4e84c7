export { VideoStore } from './VideoStore.ts';
export type { RecordingAsItIs, StoredPoster, VideoPage, VideoRow } from './VideoStore.ts';
