import type { IngestHealth, RecordingNote, RecordingState } from '../contract/index.ts';
import type { LectureNotification } from './notifications.ts';

/** What presenters see of the media of one lecture: the state of its recording, and what the encoder sends. */
export class MediaReports {
  readonly #notify: (notification: LectureNotification) => void;
  #recording: RecordingState = 'off';
  #recordingNote: RecordingNote | null = null;
  #ingestHealth: IngestHealth | null = null;

  constructor(notify: (notification: LectureNotification) => void) {
    this.#notify = notify;
  }

  get recording(): RecordingState {
    return this.#recording;
  }

  get recordingNote(): RecordingNote | null {
    return this.#recordingNote;
  }

  get ingestHealth(): IngestHealth | null {
    return this.#ingestHealth;
  }

  reportRecording(state: RecordingState, note: RecordingNote | null = null): void {
    const isChanged = this.#recording !== state;
    const isNoted = JSON.stringify(this.#recordingNote) !== JSON.stringify(note);
    this.#recording = state;
    this.#recordingNote = note;
    if (isChanged) this.#notify({ type: 'recording.changed', state });
    if (isNoted) this.#notify({ type: 'recording.noted', note });
  }

  reportIngestHealth(health: IngestHealth | null): void {
    this.#ingestHealth = health;
    this.#notify({ type: 'ingest.healthChanged', health });
  }
}
