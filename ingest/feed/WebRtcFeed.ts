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

interface HeldFrame {
  payloads: Buffer[];
  timeUs: number;
}

/**
 * Sends an encoder's tracks to the lecture's room: H.264 as it came when browsers can have it, else re-encoded; AAC as
 * Opus. Owns the two RTP senders and the transcoders. Starts by copying and turns to re-encoding as soon as the source
 * shows why; it does not turn back, because an encoder keeps its settings for as long as it is connected.
 */
export class WebRtcFeed {
  readonly #options: WebRtcFeedOptions;
  readonly #videoSender: RtpSender;
  readonly #audioSender: RtpSender;
  #videoTranscoder: VideoTranscoder | undefined;
  #opus: OpusTranscoder | undefined;
  #config: AvcConfig | undefined;
  #audioFormat: AudioFormat | undefined;
  #held: HeldFrame[] = [];
  #hasTranscodedPicture = false;
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

  /** What keeps students from seeing or hearing, in words; null when nothing does. */
  get problem(): string | null {
    const failures = Math.max(this.#videoTranscoder?.failures ?? 0, this.#opus?.failures ?? 0);
    if (failures < reportedFailures) return null;
    return 'The live picture or sound cannot be converted for browsers: ffmpeg keeps failing on the server. The recording goes on.';
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

  /** Comes after the frame went into `recent` and past the inspector. */
  frame(kind: 'video' | 'audio', frame: EncodedFrame): void {
    if (this.#isClosed) return;
    if (kind === 'audio') this.#opus?.push(frame);
    else this.#videoFrame(frame);
  }

  /** Where the tracks go from now on; the picture starts again at its last keyframe. */
  setDestination(aims: { video: RtpDestination; audio: RtpDestination } | undefined): void {
    this.#videoSender.setDestination(aims?.video);
    this.#audioSender.setDestination(aims?.audio);
    if (!aims) return;
    for (const { payloads, timeUs } of this.#held) this.#videoSender.send(payloads, timeUs);
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
    // Rare keyframes are no reason for a black picture until the re-encoded one is there.
    const canCopy = reason === undefined || reason === 'rareKeyframes';
    if (canCopy && !this.#hasTranscodedPicture) this.#send(frame, config);
  }

  #send(frame: EncodedFrame, config: AvcConfig): void {
    if (frame.isKeyframe) this.#held = [];
    else if (this.#held.length === 0) return;
    const parameterSets = frame.isKeyframe ? [...config.spsUnits, ...config.ppsUnits] : [];
    const held = { payloads: packetizeH264(frame.data, parameterSets), timeUs: frame.presentationTimeUs };
    if (this.#held.length < maxResentFrames) this.#held.push(held);
    this.#videoSender.send(held.payloads, held.timeUs);
  }

  #createVideoTranscoder(config: AvcConfig): VideoTranscoder {
    const { originUs, recent, clock, ffmpegCommand, logger } = this.#options;
    return new VideoTranscoder({
      surroundings: { command: ffmpegCommand, clock, logger },
      originUs,
      source: () => this.#config ?? config,
      recentFrames: () => recent.frames('video'),
      onFrame: (frame, transcoded) => {
        if (this.#isClosed) return;
        if (frame.isKeyframe) this.#hasTranscodedPicture = true;
        if (this.#hasTranscodedPicture) this.#send(frame, transcoded);
      },
    });
  }

  #createOpus(format: AudioFormat): OpusTranscoder {
    const { originUs, clock, ffmpegCommand, logger } = this.#options;
    return new OpusTranscoder({
      surroundings: { command: ffmpegCommand, clock, logger },
      originUs,
      source: () => this.#audioFormat ?? format,
      onFrame: (payload, timeUs) => this.#audioSender.send([payload], timeUs),
    });
  }

  /** Closes without being waited for. */
  closeSoon(): void {
    background('feed.close', this.close(), this.#options.logger);
  }
}
