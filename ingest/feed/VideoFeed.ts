import { background } from '#engine/kernel';
import type { AvcConfig, EncodedFrame } from '#engine/media';
import { maxRepeatedFrames, maxResentFrames, repeatAfterMs, repeatedFrameUs } from '../limits.ts';
import { FeedDemand } from './FeedDemand.ts';
import { payloadTypes } from './feedOptions.ts';
import type { FeedDestination, FeedOptions } from './feedOptions.ts';
import { packetizeH264 } from './packetizeH264.ts';
import { RtpSender } from './RtpSender.ts';
import { VideoTranscoder } from './VideoTranscoder.ts';

/** A frame that is later was not sent when it came, but when the first viewer did. */
const maxLagUs = 2_000_000;

interface SentFrame {
  payloads: Buffer[];
  timeUs: number;
}

/**
 * The video of the WebRTC feed: H.264 as it is if browsers can play it, otherwise re-encoded. Starts with a copy and switches
 * to re-encoding when the source needs it. It does not switch back, because an encoder keeps its settings while it is
 * connected. Owns its RTP sender and its transcoder, which runs only while the feed is needed.
 */
export class VideoFeed {
  readonly #options: FeedOptions;
  readonly #sender: RtpSender;
  readonly #demand: FeedDemand;
  #transcoder: VideoTranscoder | undefined;
  #config: AvcConfig | undefined;
  #sentSinceKeyframe: SentFrame[] = [];
  /** When a frame of the source was last sent, and how much later than its time. */
  #sentAtMs = -Infinity;
  #lagUs = 0;
  #sentUntilUs = -Infinity;
  /** The time of the last frame that was sent again. */
  #repeatedUntilUs = -Infinity;
  #hasTranscodedKeyframe = false;
  #isReencoded = false;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { ssrc, originUs, clock, logger } = options;
    this.#sender = new RtpSender({ ssrc, payloadType: payloadTypes.video, clockRateHz: 90_000, originUs, clock, logger, onKeyframeRequest: () => this.#onKeyframeRequest() });
    this.#demand = new FeedDemand({ clock, onNeeded: (isNeeded) => (isNeeded ? this.#resume() : this.#suspend()), onFirstViewer: () => this.#serveFirstViewer() });
  }

  /** Viewers receive re-encoded video, as soon as there are any. */
  get isReencoded(): boolean {
    return this.#isReencoded;
  }

  /** Failures in a row of its ffmpeg. */
  get failures(): number {
    return this.#transcoder?.failures ?? 0;
  }

  setConfig(config: AvcConfig): void {
    this.#config = config;
    this.#transcoder?.sourceChanged();
  }

  /** Call it after `recent` and the inspector have the frame. */
  frame(frame: EncodedFrame): void {
    const config = this.#config;
    if (!config || this.#isClosed) return;
    this.#transcoder?.push(frame);
    this.#reencodeIfNeeded(config);
    if (!this.#demand.isNeeded) return;
    // With rare keyframes, the feed continues until the first re-encoded frame.
    if (this.#canCopy && !this.#hasTranscodedKeyframe) this.#send(frame, config);
  }

  /** A source that sends video only when something changes shows with its audio that its keyframe is old. */
  audioArrived(): void {
    if (this.#config && !this.#isClosed && !this.#transcoder) this.#reencodeIfNeeded(this.#config);
  }

  /** The video goes there from now on. It starts again at its last keyframe. */
  setDestination(destination: FeedDestination | undefined): void {
    this.#sender.setDestination(destination);
    this.#demand.follow(destination?.track);
    if (destination) this.#resend();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#demand.close();
    this.#sender.close();
    await this.#transcoder?.close();
  }

  #reencodeIfNeeded(config: AvcConfig): void {
    const reason = this.#options.inspector.reencodeReason();
    if (reason && !this.#isReencoded) {
      this.#options.logger.info({ reason }, 'feed.reencoding');
      this.#isReencoded = true;
    }
    if (this.#isReencoded && !this.#transcoder && this.#demand.isNeeded) this.#transcoder = this.#createTranscoder(config);
  }

  /** A viewer waits for a keyframe. If the source sends nothing at the moment, the last keyframe and what followed are sent again. */
  #onKeyframeRequest(): void {
    this.#transcoder?.requestKeyframe();
    const frames = this.#sentSinceKeyframe;
    const nowMs = this.#options.clock.nowMs();
    if (frames.length === 0 || frames.length > maxRepeatedFrames || nowMs - this.#sentAtMs < repeatAfterMs) return;
    // The repeated frames end before the time that the next frame of the source has, if that is as late as the last one.
    const firstUs = Math.max(this.#sentUntilUs + repeatedFrameUs, nowMs * 1000 - this.#lagUs - frames.length * repeatedFrameUs);
    for (const [index, { payloads }] of frames.entries()) this.#sendPackets({ payloads, timeUs: firstUs + index * repeatedFrameUs });
    this.#repeatedUntilUs = this.#sentUntilUs;
    this.#sentAtMs = nowMs;
  }

  get #canCopy(): boolean {
    const reason = this.#options.inspector.reencodeReason();
    return reason === undefined || reason === 'rareKeyframes';
  }

  /** Starts with the frames since the last keyframe of the source. */
  #resume(): void {
    const config = this.#config;
    if (!config) return;
    if (this.#isReencoded) this.#transcoder = this.#createTranscoder(config);
    if (this.#canCopy) for (const frame of this.#options.recent.frames('video')) this.#send(frame, config);
  }

  #suspend(): void {
    const transcoder = this.#transcoder;
    this.#transcoder = undefined;
    this.#hasTranscodedKeyframe = false;
    this.#sentSinceKeyframe = [];
    if (transcoder) background('feed.suspend', transcoder.close(), this.#options.logger);
  }

  /** A copied source cannot be asked for a keyframe. Nobody else receives what is sent again. */
  #serveFirstViewer(): void {
    if (this.#hasTranscodedKeyframe) this.#transcoder?.requestKeyframe();
    else this.#resend();
  }

  #resend(): void {
    for (const { payloads, timeUs } of this.#sentSinceKeyframe) this.#sender.send(payloads, timeUs);
  }

  #send(frame: EncodedFrame, config: AvcConfig): void {
    if (frame.isKeyframe) this.#sentSinceKeyframe = [];
    else if (this.#sentSinceKeyframe.length === 0) return;
    const parameterSets = frame.isKeyframe ? [...config.spsUnits, ...config.ppsUnits] : [];
    const sent = { payloads: packetizeH264(frame.data, parameterSets), timeUs: frame.presentationTimeUs };
    if (this.#sentSinceKeyframe.length < maxResentFrames) this.#sentSinceKeyframe.push(sent);
    this.#sentAtMs = this.#options.clock.nowMs();
    this.#lagUs = Math.min(maxLagUs, this.#sentAtMs * 1000 - sent.timeUs);
    this.#sendPackets(sent);
  }

  #sendPackets({ payloads, timeUs }: SentFrame): void {
    // A frame of the source comes after those that were sent again before it.
    if (timeUs <= this.#repeatedUntilUs) this.#repeatedUntilUs += repeatedFrameUs;
    const sentUs = timeUs <= this.#repeatedUntilUs ? this.#repeatedUntilUs : timeUs;
    this.#sentUntilUs = Math.max(sentUs, this.#sentUntilUs);
    this.#sender.send(payloads, sentUs);
  }

  #createTranscoder(config: AvcConfig): VideoTranscoder {
    const { originUs, recent, clock, ffmpegCommand, logger } = this.#options;
    const transcoder: VideoTranscoder = new VideoTranscoder({
      environment: { command: ffmpegCommand, clock, logger },
      originUs,
      target: 'webRtc',
      source: () => this.#config ?? config,
      recentFrames: () => recent.frames('video'),
      onFrame: (frame, transcoded) => {
        if (this.#isClosed || transcoder !== this.#transcoder) return;
        if (frame.isKeyframe) this.#hasTranscodedKeyframe = true;
        if (this.#hasTranscodedKeyframe) this.#send(frame, transcoded);
      },
    });
    return transcoder;
  }
}
