// Responsible for the posters of videos: has them made, one at a time for each recording, and tells the catalogue. Owns
// those under way, and ends them.
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
  /** For what is made on the way. */
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

  /** Unless one is being made. */
  async make(recordingId: string): Promise<void> {
    if (!this.#mutex.isTaken(recordingId)) await this.makeAgain(recordingId);
  }

  /** Of what there is now, after the one that is being made. */
  makeAgain(recordingId: string): Promise<void> {
    return this.#mutex.run(recordingId, () => this.#make(recordingId));
  }

  /** Waits for a picture that is on its way into the store, but not for a store that does not answer. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('no more posters are made'));
    await this.#mutex.settledWithin(lastPosterTimeoutMs, this.#options.clock);
  }

  async #make(recordingId: string): Promise<void> {
    const { recorder, videos, clock } = this.#options;
    const { signal } = this.#closing;
    if (signal.aborted) return;
    const pictures = (await recorder.recordings.segments(recordingId)).filter(({ isFiller }) => !isFiller);
    const before = await videos.ofRecording(recordingId);
    let isDetached = false;
    // Both lie under one key: a process killed in between must not leave the old one's size beside the new picture.
    const beforeUpload = async () => {
      isDetached = true;
      await videos.detachPoster(recordingId);
    };
    const poster = await makePoster(recordingId, pictures, { ...this.#options, library: recorder.recordings, beforeUpload, signal });
    if (poster) await retryUntilPersisted(() => videos.attachPoster(recordingId, poster), { clock, signal });
    else if (before && isDetached) await retryUntilPersisted(() => videos.restorePoster(before), { clock, signal });
  }
}
