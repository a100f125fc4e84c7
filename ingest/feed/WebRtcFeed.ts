import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';
import type { RecentMedia } from '../media/RecentMedia.ts';
import type { ReencodeReason, SourceInspector } from '../media/SourceInspector.ts';
import { OpusTranscoder } from './OpusTranscoder.ts';
import { packetizeH264 } from './packetizeH264.ts';
import { RtpSender } from './RtpSender.ts';
import type { RtpDestination } from './RtpSender.ts';
import { VideoTranscoder } from './VideoTranscoder.ts';
import { maxRepeatedFrames, maxResentFrames, repeatAfterMs, repeatedFrameUs, reportedFailures } from '../limits.ts';

export const payloadTypes = { video: 102, audio: 111 } as const;

export interface WebRtcFeedOptions {
  ssrc: number;
  originUs: number;
  recent: RecentMedia;
  inspector: SourceInspector;
  ffmpegCommand: string;
  clock: Clock;
  logger: Logger;
}

interface SentFrame {
  payloads: Buffer[];
  timeUs: number;
}

/**
 * Sends the tracks of a session to the room of the lecture: H.264 as a copy if browsers can play it, otherwise re-encoded; AAC
 * as Opus. Starts with a copy and switches to re-encoding when the source needs it. It does not switch back, because an
 * encoder keeps its settings while it is connected. Owns the two RTP senders and the transcoders.
 */
export class WebRtcFeed {
  readonly #options: WebRtcFeedOptions;
  readonly #videoSender: RtpSender;
  readonly #audioSender: RtpSender;
  #videoTranscoder: VideoTranscoder | undefined;
  #opus: OpusTranscoder | undefined;
  #config: AvcConfig | undefined;
  #audioFormat: AudioFormat | undefined;
  #sentSinceKeyframe: SentFrame[] = [];
  /** When a frame of the source was last sent, and how much later than its time. */
  #sentAtMs = -Infinity;
  #lagUs = 0;
  #sentUntilUs = -Infinity;
  #hasTranscodedKeyframe = false;
  #isClosed = false;

  constructor(options: WebRtcFeedOptions) {
    this.#options = options;
    const { ssrc, originUs, clock, logger } = options;
    this.#videoSender = new RtpSender({ ssrc, payloadType: payloadTypes.video, clockRateHz: 90_000, originUs, clock, logger, onKeyframeRequest: () => this.#onKeyframeRequest() });
    this.#audioSender = new RtpSender({ ssrc, payloadType: payloadTypes.audio, clockRateHz: 48_000, originUs, clock, logger });
  }

  get isReencoded(): boolean {
    return this.#videoTranscoder !== undefined;
  }

  /** Why viewers cannot see or hear the source, as a sentence; null while they can. */
  get problem(): string | null {
    const failures = Math.max(this.#videoTranscoder?.failures ?? 0, this.#opus?.failures ?? 0);
    if (failures < reportedFailures) return null;
    return 'The live video or audio cannot be converted for browsers: ffmpeg keeps failing on the server. The recording continues.';
  }

  videoConfig(config: AvcConfig): void {
    this.#config = config;
    this.#videoTranscoder?.sourceChanged();
  }

  audioFormat(format: AudioFormat): void {
    this.#audioFormat = format;
    if (this.#opus) this.#opus.sourceChanged();
    else if (!this.#isClosed) this.#opus = this.#createOpus(format);
  }

  /** Call it after `recent` and the inspector have the frame. */
  frame(kind: 'video' | 'audio', frame: EncodedFrame): void {
    if (this.#isClosed) return;
    if (kind === 'audio') this.#audioFrame(frame);
    else this.#videoFrame(frame);
  }

  #audioFrame(frame: EncodedFrame): void {
    this.#opus?.push(frame);
    // A source that sends video only when something changes shows with its audio that its keyframe is old.
    if (!this.#videoTranscoder && this.#config) this.#reencodeIfNeeded(this.#config);
  }

  /** The tracks go to these destinations from now on. The video starts again at its last keyframe. */
  setDestination(destinations: { video: RtpDestination; audio: RtpDestination } | undefined): void {
    this.#videoSender.setDestination(destinations?.video);
    this.#audioSender.setDestination(destinations?.audio);
    if (!destinations) return;
    for (const { payloads, timeUs } of this.#sentSinceKeyframe) this.#videoSender.send(payloads, timeUs);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#videoSender.close();
    this.#audioSender.close();
    await Promise.all([this.#videoTranscoder?.close(), this.#opus?.close()]);
  }

  #videoFrame(frame: EncodedFrame): void {
    const config = this.#config;
    if (!config) return;
    this.#videoTranscoder?.push(frame);
    const reason = this.#reencodeIfNeeded(config);
    // With rare keyframes, the copy continues until the first re-encoded frame.
    const canCopy = reason === undefined || reason === 'rareKeyframes';
    if (canCopy && !this.#hasTranscodedKeyframe) this.#send(frame, config);
  }

  #reencodeIfNeeded(config: AvcConfig): ReencodeReason | undefined {
    const reason = this.#options.inspector.reencodeReason();
    if (!reason || this.#videoTranscoder) return reason;
    this.#options.logger.info({ reason }, 'feed.reencoding');
    this.#videoTranscoder = this.#createVideoTranscoder(config);
    return reason;
  }

  /** A viewer waits for a keyframe. If the source sends nothing at the moment, the last keyframe and what followed are sent again. */
  #onKeyframeRequest(): void {
    this.#videoTranscoder?.requestKeyframe();
    const frames = this.#sentSinceKeyframe;
    const nowMs = this.#options.clock.nowMs();
    if (frames.length === 0 || frames.length > maxRepeatedFrames || nowMs - this.#sentAtMs < repeatAfterMs) return;
    // The next frame of the source may be on its way: its time is later than that of a frame that is as late as the last one.
    const firstUs = Math.max(this.#sentUntilUs + repeatedFrameUs, nowMs * 1000 - this.#lagUs - frames.length * repeatedFrameUs);
    for (const [index, sent] of frames.entries()) this.#sendPackets({ ...sent, timeUs: firstUs + index * repeatedFrameUs });
    this.#sentAtMs = nowMs;
  }

  #send(frame: EncodedFrame, config: AvcConfig): void {
    if (frame.isKeyframe) this.#sentSinceKeyframe = [];
    else if (this.#sentSinceKeyframe.length === 0) return;
    const parameterSets = frame.isKeyframe ? [...config.spsUnits, ...config.ppsUnits] : [];
    const sent = { payloads: packetizeH264(frame.data, parameterSets), timeUs: frame.presentationTimeUs };
    if (this.#sentSinceKeyframe.length < maxResentFrames) this.#sentSinceKeyframe.push(sent);
    this.#sentAtMs = this.#options.clock.nowMs();
    this.#lagUs = this.#sentAtMs * 1000 - sent.timeUs;
    this.#sendPackets(sent);
  }

  #sendPackets({ payloads, timeUs }: SentFrame): void {
    this.#sentUntilUs = Math.max(timeUs, this.#sentUntilUs);
    this.#videoSender.send(payloads, this.#sentUntilUs);
  }

  #createVideoTranscoder(config: AvcConfig): VideoTranscoder {
    const { originUs, recent, clock, ffmpegCommand, logger } = this.#options;
    return new VideoTranscoder({
      environment: { command: ffmpegCommand, clock, logger },
      originUs,
      target: 'webRtc',
      source: () => this.#config ?? config,
      recentFrames: () => recent.frames('video'),
      onFrame: (frame, transcoded) => {
        if (this.#isClosed) return;
        if (frame.isKeyframe) this.#hasTranscodedKeyframe = true;
        if (this.#hasTranscodedKeyframe) this.#send(frame, transcoded);
      },
    });
  }

  #createOpus(format: AudioFormat): OpusTranscoder {
    const { originUs, clock, ffmpegCommand, logger } = this.#options;
    return new OpusTranscoder({
      environment: { command: ffmpegCommand, clock, logger },
      originUs,
      source: () => this.#audioFormat ?? format,
      onFrame: (payload, timeUs) => this.#audioSender.send([payload], timeUs),
    });
  }

  /** Closes in the background. */
  closeSoon(): void {
    background('feed.close', this.close(), this.#options.logger);
  }
}
