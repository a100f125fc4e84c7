import type { IngestHealth, LectureEvent, Publication, RecordingNote, RecordingState } from '../contract/index.ts';

/** What a live lecture tells those who listen: the facts of its log, and those that pass without a trace. */
export type LectureNotification =
  | LectureEvent
  | { type: 'track.changed'; publication: Publication }
  | { type: 'media.reset' }
  | { type: 'recording.changed'; state: RecordingState }
  | { type: 'recording.noted'; note: RecordingNote | null }
  | { type: 'ingest.healthChanged'; health: IngestHealth | null };
