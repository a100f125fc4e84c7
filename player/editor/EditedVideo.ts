import type { PlaybackView, VideoChapterList, VideoEdits } from '#api/contract';

/** What the editor starts from. */
export interface EditedVideo {
  playback: PlaybackView;
  edits: VideoEdits;
  chapters: VideoChapterList;
}
