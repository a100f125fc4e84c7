import { background } from '#engine/kernel';
import { browserObstacle } from '#engine/media';
import type { AvcConfig, EncodedFrame } from '#engine/media';
import type { FfmpegEnvironment } from '../feed/SupervisedFfmpeg.ts';
import { VideoTranscoder } from '../feed/VideoTranscoder.ts';
import { RecentMedia } from '../media/RecentMedia.ts';
import { converterSettleMs, reportedFailures } from '../limits.ts';

export interface VideoConverterOptions {
  environment: FfmpegEnvironment;
  originUs: number;
  /** The format of the frames that follow. */
  onConfig(config: AvcConfig): void;
  onFrame(frame: EncodedFrame): void;
}

/** ffmpeg gives times in whole milliseconds. */
const roundingUs = 500;

/**
 * Passes on the video of a source. Video that some browsers cannot play, live or recorded, is re-encoded: what comes out takes the
 * place of the source. If ffmpeg keeps failing, the source itself is passed on. Owns the transcoder.
 */
export class VideoConverter {
  readonly #options: VideoConverterOptions;
  readonly #recent = new RecentMedia();
  #source: AvcConfig | undefined;
  #transcoder: VideoTranscoder | undefined;
  #converted: AvcConfig | undefined;
  #hasGivenUp = false;
  #isWaitingForKeyframe = true;
  #passedUntilUs = -Infinity;
  #sentUntilUs = -Infinity;
  #waiting: { untilUs: number; resolve: () => void }[] = [];

  constructor(options: VideoConverterOptions) {
    this.#options = options;
  }

  get isConverting(): boolean {
    return this.#transcoder !== undefined;
  }

  /** The source has sent video, but the converter has not returned a frame yet. */
  get isStarting(): boolean {
    return this.isConverting && this.#passedUntilUs === -Infinity && this.#recent.frames('video').length > 0;
  }

  get failures(): number {
    return this.#hasGivenUp ? reportedFailures : (this.#transcoder?.failures ?? 0);
  }

  config(config: AvcConfig): void {
    this.#source = config;
    this.#recent.clear();
    this.#isWaitingForKeyframe = true;
    if (this.#hasGivenUp || !browserObstacle(config.sps)) {
      this.#stop();
      this.#options.onConfig(config);
    } else if (this.#transcoder) this.#transcoder.sourceChanged();
    else this.#transcoder = this.#createTranscoder(config);
  }

  frame(frame: EncodedFrame): void {
    if (this.#transcoder && this.#transcoder.failures >= reportedFailures) this.#giveUp();
    if (!this.#transcoder) return this.#pass(frame);
    this.#sentUntilUs = Math.max(this.#sentUntilUs, frame.presentationTimeUs);
    this.#recent.push('video', frame);
    this.#transcoder.push(frame);
  }

  /** Resolves when what the source has sent so far has come out, or takes too long; undefined if there is nothing to wait for. */
  settled(): Promise<void> | undefined {
    if (!this.#transcoder || this.#passedUntilUs >= this.#sentUntilUs - roundingUs) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.environment.clock.after(converterSettleMs, resolve);
    this.#waiting.push({ untilUs: this.#sentUntilUs - roundingUs, resolve });
    return promise.finally(cancel);
  }

  closeSoon(): void {
    this.#stop();
  }

  /** Resolves when the last frames have come out. Nothing is converted after that. */
  async finish(): Promise<void> {
    await this.#transcoder?.finish();
    this.#transcoder = undefined;
    this.#resolveWaiting(Infinity);
  }

  #stop(): void {
    const transcoder = this.#transcoder;
    this.#transcoder = undefined;
    this.#resolveWaiting(Infinity);
    if (transcoder) background('videoConverter.close', transcoder.close(), this.#options.environment.logger);
  }

  #giveUp(): void {
    this.#options.environment.logger.error({}, 'videoConverter.gaveUp');
    this.#hasGivenUp = true;
    if (this.#source) this.config(this.#source);
  }

  /** A frame that was passed on before comes out again after a restart of ffmpeg. */
  #pass(frame: EncodedFrame): void {
    if (frame.decodeTimeUs <= this.#passedUntilUs) {
      this.#isWaitingForKeyframe = true;
      this.#transcoder?.requestKeyframe();
      return;
    }
    if (this.#isWaitingForKeyframe && !frame.isKeyframe) return;
    this.#isWaitingForKeyframe = false;
    this.#passedUntilUs = frame.decodeTimeUs;
    this.#options.onFrame(frame);
    this.#resolveWaiting(frame.decodeTimeUs);
  }

  #resolveWaiting(passedUntilUs: number): void {
    for (const { untilUs, resolve } of this.#waiting) if (untilUs <= passedUntilUs) resolve();
    this.#waiting = this.#waiting.filter(({ untilUs }) => untilUs > passedUntilUs);
  }

  /** An ffmpeg that was started again sends the same configuration. */
  #setConverted(config: AvcConfig): void {
    const before = this.#converted;
    this.#converted = config;
    const isSame = before === config || (before !== undefined && Buffer.compare(before.format.decoderConfig, config.format.decoderConfig) === 0);
    if (!isSame) this.#options.onConfig(config);
  }

  #createTranscoder(config: AvcConfig): VideoTranscoder {
    const { environment, originUs } = this.#options;
    const transcoder: VideoTranscoder = new VideoTranscoder({
      environment,
      originUs,
      target: 'source',
      source: () => this.#source ?? config,
      recentFrames: () => this.#recent.frames('video'),
      resumeAtUs: () => this.#passedUntilUs + roundingUs,
      onFrame: (frame, converted) => {
        if (transcoder !== this.#transcoder) return;
        this.#setConverted(converted);
        this.#pass(frame);
      },
    });
    return transcoder;
  }
}
