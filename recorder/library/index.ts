export { VideoStore } from './VideoStore.ts';
export type { MadeRenditions, NewUpload, RecordingSummary, StoredPoster, VideoPage } from './VideoStore.ts';
export { videoCollection, withDefaults } from './VideoRow.ts';
export type { CaptionTrack, ChapterMark, Cut, SourceFile, StoredFile, StoredVideoRow, Storyboard, VideoRow } from './VideoRow.ts';
