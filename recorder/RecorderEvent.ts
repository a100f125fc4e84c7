interface RecordingIds {
  recordingId: string;
  lectureId: string;
  courseId: string;
}

interface Extent {
  /** On the lecture's clock. */
  durationSeconds: number;
  hasScreen: boolean;
}

/** Events of the recorder. */
export type RecorderEvent =
  /** The recording has started, or continues after a restart. */
  | ({ type: 'recording.started' } & RecordingIds)
  /** Segments were added. Emitted every `growthIntervalMs` at most. */
  | ({ type: 'recording.grew' } & RecordingIds & Extent)
  /** The recording is complete and can be played to its end. */
  | ({ type: 'recording.finished' } & RecordingIds & Extent)
  /** All segments and playlists are in the store. */
  | { type: 'recording.stored'; recordingId: string };
