import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { AudioFormat, AvcConfig, EncodedFrame } from '#engine/media';
import type { RecentMedia } from '../media/RecentMedia.ts';
import type { SourceInspector } from '../media/SourceInspector.ts';
import { OpusTranscoder } from './OpusTranscoder.ts';
import { packetizeH264 } from './packetizeH264.ts';
import { RtpSender } from './RtpSender.ts';
import type { RtpDestination } from './RtpSender.ts';
import { VideoTranscoder } from './VideoTranscoder.ts';
import { maxResentFrames, reportedFailures } from '../limits.ts';

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
  #hasTranscodedKeyframe = false;
  #isClosed = false;

  constructor(options: WebRtcFeedOptions) {
    this.#options = options;
    const { ssrc, originUs, clock, logger } = options;
    this.#videoSender = new RtpSender({ ssrc, payloadType: payloadTypes.video, clockRateHz: 90_000, originUs, clock, logger, onKeyframeRequest: () => this.#videoTranscoder?.requestKeyframe() });
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
    if (kind === 'audio') this.#opus?.push(frame);
    else this.#videoFrame(frame);
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
    const reason = this.#options.inspector.reencodeReason();
    if (this.#videoTranscoder) {
      this.#videoTranscoder.push(frame);
    } else if (reason) {
      this.#options.logger.info({ reason }, 'feed.reencoding');
      this.#videoTranscoder = this.#createVideoTranscoder(config);
    }
    // With rare keyframes, the copy continues until the first re-encoded frame.
    const canCopy = reason === undefined || reason === 'rareKeyframes';
    if (canCopy && !this.#hasTranscodedKeyframe) this.#send(frame, config);
  }

  #send(frame: EncodedFrame, config: AvcConfig): void {
    if (frame.isKeyframe) this.#sentSinceKeyframe = [];
    else if (this.#sentSinceKeyframe.length === 0) return;
    const parameterSets = frame.isKeyframe ? [...config.spsUnits, ...config.ppsUnits] : [];
    const sent = { payloads: packetizeH264(frame.data, parameterSets), timeUs: frame.presentationTimeUs };
    if (this.#sentSinceKeyframe.length < maxResentFrames) this.#sentSinceKeyframe.push(sent);
    this.#videoSender.send(sent.payloads, sent.timeUs);
  }

  #createVideoTranscoder(config: AvcConfig): VideoTranscoder {
    const { originUs, recent, clock, ffmpegCommand, logger } = this.#options;
    return new VideoTranscoder({
      environment: { command: ffmpegCommand, clock, logger },
      originUs,
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
