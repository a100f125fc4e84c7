export { Progress } from './Progress.ts';
export { Videos, videoView } from './Videos.ts';
export type { RecordedExtent, StartedRecording, StoredPoster, VideoPage, VideoRow } from './Videos.ts';
