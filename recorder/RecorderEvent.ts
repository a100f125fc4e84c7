interface OfRecording {
  recordingId: string;
  lectureId: string;
  courseId: string;
}

interface Extent {
  /** On the lecture's clock. */
  durationSeconds: number;
  hasScreen: boolean;
}

/** What the recorder tells whoever listens. */
export type RecorderEvent =
  /** Also when a restarted recorder takes it up again. */
  | ({ type: 'recording.started' } & OfRecording)
  /** Every few seconds. */
  | ({ type: 'recording.grew' } & OfRecording & Extent)
  /** It can be played to its end. */
  | ({ type: 'recording.finished' } & OfRecording & Extent)
  /** All of it is in the store, playlists included. */
  | { type: 'recording.stored'; recordingId: string };
