export { VideoStore } from './VideoStore.ts';
export type { RecordingSummary, StoredPoster, VideoPage, VideoRow } from './VideoStore.ts';
