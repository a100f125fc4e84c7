// Responsible for the posters of videos: has them made, one at a time for each recording, and adds them to the rows of
// videos. Owns the attempts in progress, and ends them.
import { KeyedMutex, retryUntilPersisted } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { VideoStore } from './index.ts';
import type { Recorder } from '../Recorder.ts';
import type { ObjectStore } from '../storage/index.ts';
import { makePoster } from '../transcode/index.ts';
import { lastPosterTimeoutMs } from '../limits.ts';

export interface PosterSyncOptions {
  recorder: Pick<Recorder, 'recordings'>;
  videos: VideoStore;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  ffmpegPath: string;
  /** For temporary files. */
  workFolder: string;
}

export class PosterSync {
  readonly #options: PosterSyncOptions;
  /** By recording. */
  readonly #mutex = new KeyedMutex();
  readonly #closing = new AbortController();

  constructor(options: PosterSyncOptions) {
    this.#options = options;
  }

  /** Makes the poster, unless one is being made. */
  async make(recordingId: string): Promise<void> {
    if (!this.#mutex.isLocked(recordingId)) await this.makeAgain(recordingId);
  }

  /** Makes the poster from the recording as it is now, after the one that is being made. */
  makeAgain(recordingId: string): Promise<void> {
    return this.#mutex.run(recordingId, () => this.#make(recordingId));
  }

  /** Stops the attempts; waits a short time for an upload in flight. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('no more posters are made'));
    await this.#mutex.waitUntilSettled(lastPosterTimeoutMs, this.#options.clock);
  }

  async #make(recordingId: string): Promise<void> {
    const { recorder, videos, clock } = this.#options;
    const { signal } = this.#closing;
    if (signal.aborted) return;
    const segments = (await recorder.recordings.segments(recordingId)).filter(({ isFiller }) => !isFiller);
    const before = await videos.ofRecording(recordingId);
    let isDetached = false;
    // Both posters have the same key: a crash must not leave the size of the old one with the new image.
    const beforeUpload = async () => {
      isDetached = true;
      await videos.detachPoster(recordingId);
    };
    const poster = await makePoster(recordingId, segments, { ...this.#options, library: recorder.recordings, beforeUpload, signal });
    if (poster) await retryUntilPersisted(() => videos.attachPoster(recordingId, poster), { clock, signal });
    else if (before && isDetached) await retryUntilPersisted(() => videos.restorePoster(before), { clock, signal });
  }
}
