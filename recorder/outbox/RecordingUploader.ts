// Responsible for storing recordings: their segments through the outbox, then the playlists of those that are finished.
// Owns the outbox.
import { background, waitUntilSettled } from '#engine/kernel';
import type { JournaledFile } from '../journal/rows.ts';
import { lastPlaylistsTimeoutMs } from '../limits.ts';
import { Outbox } from './Outbox.ts';
import type { OutboxOptions } from './Outbox.ts';
import { publishPlaylists } from './publishPlaylists.ts';

export interface RecordingUploaderOptions extends OutboxOptions {
  /** The store is available, and other nodes may have stored what they had. */
  onStoreAvailable(): void;
  /** All segments and playlists of a recording are stored. */
  onStored(recordingId: string): void;
}

export class RecordingUploader {
  readonly #options: RecordingUploaderOptions;
  readonly #outbox: Outbox;
  #publishing: Promise<void> | undefined;
  /** A recording may be finished whose playlists are not stored. */
  #isAnyFinished = true;

  constructor(options: RecordingUploaderOptions) {
    this.#options = options;
    this.#outbox = new Outbox({ ...options, onStoreAvailable: () => this.#storeAvailable() });
  }

  start(): void {
    this.#outbox.start();
  }

  /** Adds a file that was journaled. */
  add(file: JournaledFile): void {
    this.#outbox.add(file);
  }

  /** Uploads what can be uploaded now, such as the playlists of a recording that has just finished. */
  wake(): void {
    this.#isAnyFinished = true;
    this.#outbox.wake();
  }

  /** Waits a short time for the uploads in flight. The next run continues from the journal. */
  async close(): Promise<void> {
    await this.#outbox.close();
    if (this.#publishing) await waitUntilSettled([this.#publishing], { clock: this.#options.clock, limitMs: lastPlaylistsTimeoutMs });
  }

  #storeAvailable(): void {
    this.#options.onStoreAvailable();
    this.#publish();
  }

  #publish(): void {
    if (this.#publishing || !this.#isAnyFinished) return;
    this.#publishing = this.#publishAll().finally(() => {
      this.#publishing = undefined;
    });
    background('recorder.publishPlaylists', this.#publishing, this.#options.logger);
  }

  async #publishAll(): Promise<void> {
    const { journal, store, logger } = this.#options;
    // A recording that finishes meanwhile sets it again.
    this.#isAnyFinished = false;
    let isComplete = false;
    try {
      const { published, remaining } = await publishPlaylists(journal, store);
      isComplete = remaining === 0;
      for (const recordingId of published) {
        logger.info({ recordingId }, 'recording.stored');
        this.#options.onStored(recordingId);
      }
    } finally {
      if (!isComplete) this.#isAnyFinished = true;
    }
  }
}
