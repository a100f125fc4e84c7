import type { IngestHealth, RecordingNote, RecordingState } from '../contract/index.ts';
import type { LectureNotification } from './notifications.ts';

/** What the recorder and ingest have reported last about one lecture. Notifies of every change. */
export class LectureReports {
  readonly #notify: (notification: LectureNotification) => void;
  recording: RecordingState = 'off';
  recordingNote: RecordingNote | null = null;
  health: IngestHealth | null = null;

  constructor(notify: (notification: LectureNotification) => void) {
    this.#notify = notify;
  }

  setRecording(state: RecordingState, note: RecordingNote | null): void {
    const isChanged = this.recording !== state;
    const isNoted = JSON.stringify(this.recordingNote) !== JSON.stringify(note);
    this.recording = state;
    this.recordingNote = note;
    if (isChanged) this.#notify({ type: 'recording.changed', state });
    if (isNoted) this.#notify({ type: 'recording.noted', note });
  }

  setHealth(health: IngestHealth | null): void {
    this.health = health;
    this.#notify({ type: 'ingest.healthChanged', health });
  }
}
