import { background } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';
import { reportedFailures } from '../limits.ts';
import { AudioFeed } from './AudioFeed.ts';
import type { FeedDestination, FeedOptions } from './feedOptions.ts';
import { VideoFeed } from './VideoFeed.ts';

/**
 * Sends the tracks of a session to the room of the lecture, each while somebody is subscribed to it and some time longer: a
 * lecture that nobody watches costs no ffmpeg and no RTP. Owns both feeds.
 */
export class WebRtcFeed {
  readonly #logger: Logger;
  readonly #video: VideoFeed;
  readonly #audio: AudioFeed;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#logger = options.logger;
    this.#video = new VideoFeed(options);
    this.#audio = new AudioFeed(options);
  }

  get isReencoded(): boolean {
    return this.#video.isReencoded;
  }

  /** Why viewers cannot see or hear the source, as a sentence; null while they can. */
  get problem(): string | null {
    if (Math.max(this.#video.failures, this.#audio.failures) < reportedFailures) return null;
    return 'The live video or audio cannot be converted for browsers: ffmpeg keeps failing on the server. The recording continues.';
  }

  videoConfig(config: AvcConfig): void {
    this.#video.setConfig(config);
  }

  audioFormat(format: AudioFormat): void {
    if (!this.#isClosed) this.#audio.setFormat(format);
  }

  /** Call it after `recent` and the inspector of `reencodeReason` have the frame. */
  frame(kind: 'video' | 'audio', frame: EncodedFrame): void {
    if (this.#isClosed) return;
    if (kind === 'video') return this.#video.frame(frame);
    this.#audio.frame(frame);
    this.#video.audioArrived();
  }

  /** The tracks go to these destinations from now on. The video starts again at its last keyframe. */
  setDestination(destinations: { video: FeedDestination; audio: FeedDestination } | undefined): void {
    if (this.#isClosed) return;
    this.#video.setDestination(destinations?.video);
    this.#audio.setDestination(destinations?.audio);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([this.#video.close(), this.#audio.close()]);
  }

  /** Closes in the background. */
  closeSoon(): void {
    background('feed.close', this.close(), this.#logger);
  }
}
