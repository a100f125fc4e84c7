import type { IngestHealth, LectureEvent, MediaGap, Publication, RecordingNote, RecordingState } from '../contract/index.ts';

/** Notifications of a live lecture: the events of its log, and changes that the log does not record. */
export type LectureNotification =
  | LectureEvent
  | { type: 'track.changed'; publication: Publication }
  | { type: 'lecture.renamed'; title: string }
  /** Media is missing, or arrives again. */
  | { type: 'lecture.gapChanged'; gap: MediaGap | null }
  /** This process has let go of the lecture, which continues in another one. */
  | { type: 'lecture.moved' }
  | { type: 'media.reset' }
  | { type: 'recording.changed'; state: RecordingState }
  | { type: 'recording.noted'; note: RecordingNote | null }
  | { type: 'ingest.healthChanged'; health: IngestHealth | null };
