export { Videos } from './Videos.ts';
export type { RecordingAsItIs, StoredPoster, VideoPage, VideoRow } from './Videos.ts';
