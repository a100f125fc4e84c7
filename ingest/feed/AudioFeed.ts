import { background } from '#engine/kernel';
import type { AudioFormat, EncodedFrame } from '#engine/media';
import { FeedDemand } from './FeedDemand.ts';
import { payloadTypes } from './feedOptions.ts';
import type { FeedDestination, FeedOptions } from './feedOptions.ts';
import { OpusTranscoder } from './OpusTranscoder.ts';
import { RtpSender } from './RtpSender.ts';

/** The audio of the WebRTC feed: AAC as Opus. Owns its RTP sender and its transcoder, which runs only while the feed is needed. */
export class AudioFeed {
  readonly #options: FeedOptions;
  readonly #sender: RtpSender;
  readonly #demand: FeedDemand;
  #opus: OpusTranscoder | undefined;
  #format: AudioFormat | undefined;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { ssrc, originUs, clock, logger } = options;
    this.#sender = new RtpSender({ ssrc, payloadType: payloadTypes.audio, clockRateHz: 48_000, originUs, clock, logger });
    this.#demand = new FeedDemand({ clock, onNeeded: (isNeeded) => (isNeeded ? this.#resume() : this.#suspend()), onFirstViewer: () => undefined });
  }

  /** Failures in a row of its ffmpeg. */
  get failures(): number {
    return this.#opus?.failures ?? 0;
  }

  setFormat(format: AudioFormat): void {
    this.#format = format;
    if (this.#opus) this.#opus.sourceChanged();
    else if (this.#demand.isNeeded) this.#resume();
  }

  frame(frame: EncodedFrame): void {
    this.#opus?.push(frame);
  }

  setDestination(destination: FeedDestination | undefined): void {
    this.#sender.setDestination(destination);
    this.#demand.follow(destination?.track);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#demand.close();
    this.#sender.close();
    await this.#opus?.close();
  }

  #resume(): void {
    const format = this.#format;
    if (!format || this.#isClosed) return;
    const { originUs, clock, ffmpegCommand, logger } = this.#options;
    this.#opus = new OpusTranscoder({
      environment: { command: ffmpegCommand, clock, logger },
      originUs,
      source: () => this.#format ?? format,
      onFrame: (payload, timeUs) => this.#sender.send([payload], timeUs),
    });
  }

  #suspend(): void {
    const opus = this.#opus;
    this.#opus = undefined;
    if (opus) background('feed.suspend', opus.close(), this.#options.logger);
  }
}
