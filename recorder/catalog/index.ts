export { Videos } from './Videos.ts';
export type { RecordedExtent, StartedRecording, StoredPoster, VideoPage, VideoRow } from './Videos.ts';
