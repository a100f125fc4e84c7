// Responsible for the end of recordings: writes their last segments, for as long as the disk fails, and marks them as
// finished. Owns the lecture recorders that are being finished, and closes them.
import { FencedError, retryUntilPersisted, waitUntilSettled, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { JournalLibrary } from '../journal/JournalLibrary.ts';
import type { RecordingIndexes } from '../journal/RecordingIndexes.ts';
import type { RecordingWriter } from '../journal/RecordingWriter.ts';
import type { RecordingRow } from '../journal/rows.ts';
import { drainTimeoutMs } from '../limits.ts';
import type { LectureRecorder } from './LectureRecorder.ts';

export interface RecordingFinisherOptions {
  indexes: RecordingIndexes;
  recordings: JournalLibrary;
  clock: Clock;
  logger: Logger;
  /** The recording is marked as finished. If this fails, the mark is retried like a refused write. */
  onFinished(row: RecordingRow): Promise<void>;
}

export class RecordingFinisher {
  readonly #options: RecordingFinisherOptions;
  readonly #finishing = new Set<LectureRecorder>();
  readonly #closing = new AbortController();

  constructor(options: RecordingFinisherOptions) {
    this.#options = options;
  }

  /**
   * Writes the rest of a recording and marks it as finished, retrying until the database accepts that. Resolves with false
   * when `close` came first, or another process owns the lecture: the next run, or that process, finishes the recording.
   */
  async finish(recorder: LectureRecorder, recording: RecordingWriter): Promise<boolean> {
    if (!(await this.#writeRest(recorder))) return false;
    let isFinished = true;
    const mark = () =>
      this.#markFinished(recording).catch((err: unknown) => {
        if (!(err instanceof FencedError)) throw err;
        isFinished = false;
      });
    await this.retry(mark);
    return isFinished;
  }

  /** The same, but rejects when the database refuses the mark. */
  async finishOnce(recorder: LectureRecorder, recording: RecordingWriter): Promise<void> {
    if (await this.#writeRest(recorder)) await this.#markFinished(recording);
  }

  /** Repeats a write until the database accepts it. Rejects when `close` comes first. */
  retry(write: () => Promise<void>): Promise<void> {
    return retryUntilPersisted(write, { clock: this.#options.clock, signal: this.#closing.signal });
  }

  /** Has everything captured written, by the recorders that are being finished and by those given; closes all of them. */
  async close(active: readonly LectureRecorder[]): Promise<void> {
    await Promise.all([...active, ...this.#finishing].map((recorder) => this.#drain(recorder)));
    this.#closing.abort(new Error('the recorder is closing'));
    for (const recorder of this.#finishing) recorder.close();
  }

  /** While the disk fails, the end of a recording waits in memory, for as long as this process runs. */
  async #writeRest(recorder: LectureRecorder): Promise<boolean> {
    this.#finishing.add(recorder);
    const isWritten = recorder.finish();
    if (this.#closing.signal.aborted) recorder.close();
    return isWritten.finally(() => this.#finishing.delete(recorder));
  }

  async #drain(recorder: LectureRecorder): Promise<void> {
    const finished = recorder.finish();
    if (await waitUntilSettled([finished], { clock: this.#options.clock, limitMs: drainTimeoutMs })) await finished;
    else recorder.close();
  }

  async #markFinished(recording: RecordingWriter): Promise<void> {
    const { indexes, recordings, clock, logger } = this.#options;
    const { row } = recording;
    const timelineEndMs = Math.max(...Object.values(await recordings.ends(row._id)));
    await recording.change({ state: 'finished', endedAt: toInstant(clock.nowMs()), timelineEndMs });
    indexes.refresh(row._id);
    logger.info({ lectureId: row.lectureId, recordingId: row._id, timelineEndMs }, 'recording.finished');
    await this.#options.onFinished(row);
  }
}
