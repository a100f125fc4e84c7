import { CodedError } from '#engine/contract';
import type { TrackKind } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { AvcConfigReader, parseAudioConfig, readAdts, readAudioTag, readVideoTag } from '#engine/media';
import type { AudioFormat, AudioTag, AvcConfig, VideoTag } from '#engine/media';
import { TimeMap } from '../media/TimeMap.ts';
import type { MediaReceiver, SourceTiming } from '../session/MediaReceiver.ts';
import { aheadNoticeMs, maxAheadMs } from '../limits.ts';

/** An FLV tag of an encoder, as RTMP carries it. */
export interface FlvPacket {
  kind: TrackKind;
  timestampMs: number;
  /** The body of the tag. It is valid only during the call: RTMP reuses its buffers. */
  body: Uint8Array;
}

/**
 * Reads FLV tags and passes formats and frames to a receiver, with times of the server's clock. Waits for a configuration that
 * can be read: an encoder may send a good one after a bad one, or inside its frames.
 */
export class FlvMediaReader {
  readonly #receiver: MediaReceiver;
  readonly #clock: Clock;
  readonly #times: TimeMap;
  readonly #configs = new AvcConfigReader();
  #video: AvcConfig | undefined;
  #audio: AudioFormat | undefined;
  #timing: SourceTiming = 'good';
  #aheadAtMs = -Infinity;

  constructor(clock: Clock, receiver: MediaReceiver) {
    this.#clock = clock;
    this.#times = new TimeMap(clock);
    this.#receiver = receiver;
  }

  /** How far the media is ahead of the server's clock, ms. Negative when it is late. */
  get aheadMs(): number {
    return this.#times.aheadMs;
  }

  /** @throws CodedError `media.unsupported`, with a sentence for the instructor */
  packet(packet: FlvPacket): void {
    this.#receiver.arrived();
    if (packet.kind === 'video') this.#readVideo(packet, readVideoTag(packet.body));
    else this.#readAudio(packet, readAudioTag(packet.body));
    this.#judgeTiming();
  }

  #readVideo(packet: FlvPacket, tag: VideoTag): void {
    if (tag.type === 'unsupported') throw unsupportedVideo(tag.codecName);
    if (tag.type === 'config') this.#readConfig('video', () => this.#configs.readRecord(tag.record));
    if (tag.type === 'frame') this.#readFrame(packet, tag);
  }

  #readFrame(packet: FlvPacket, tag: { payload: Uint8Array; compositionTimeMs: number }): void {
    try {
      const unit = this.#configs.accessUnit(tag.payload);
      this.#readConfig('video', () => this.#configs.readUnit(unit));
      if (!this.#video || unit.data.length === 0) return;
      const decodeTimeUs = this.#times.decodeTimeUs('video', packet.timestampMs);
      const presentationTimeUs = decodeTimeUs + tag.compositionTimeMs * 1000;
      this.#receiver.frame('video', { decodeTimeUs, presentationTimeUs, isKeyframe: unit.hasIdr, data: unit.data });
    } catch (err) {
      if (!(err instanceof RangeError)) throw err;
      if (this.#video) this.#receiver.damaged('video', err.message);
    }
  }

  #readAudio(packet: FlvPacket, tag: AudioTag): void {
    if (tag.type === 'unsupported') throw unsupportedAudio(tag.codecName);
    if (tag.type === 'config') this.#readConfig('audio', () => this.#setAudio(parseAudioConfig(tag.config)));
    if (tag.type !== 'frame') return;
    const adts = readAdts(tag.payload);
    if (adts && !this.#audio) this.#readConfig('audio', () => this.#setAudio(parseAudioConfig(adts.config)));
    if (!this.#audio) return;
    const decodeTimeUs = this.#times.decodeTimeUs('audio', packet.timestampMs);
    const data = new Uint8Array(adts?.payload ?? tag.payload);
    this.#receiver.frame('audio', { decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe: true, data });
  }

  /** A configuration that cannot be read is reported and changes nothing. */
  #readConfig(kind: TrackKind, read: () => void): void {
    try {
      read();
    } catch (err) {
      if (!(err instanceof RangeError)) throw err;
      this.#receiver.unreadable(kind, err.message);
    }
    if (this.#configs.current) this.#setVideo(this.#configs.current);
  }

  #setVideo(config: AvcConfig): void {
    if (config === this.#video) return;
    const isSame = this.#video !== undefined && hasSameParameterSets(this.#video, config);
    this.#video = config;
    if (!isSame) this.#receiver.videoConfig(config);
  }

  #setAudio(format: AudioFormat): void {
    const isSame = this.#audio !== undefined && isEqual(this.#audio.decoderConfig, format.decoderConfig);
    this.#audio = format;
    if (!isSame) this.#receiver.audioFormat(format);
  }

  #judgeTiming(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#times.aheadMs > maxAheadMs) this.#aheadAtMs = nowMs;
    const timing = this.#times.isStanding ? 'standing' : nowMs - this.#aheadAtMs < aheadNoticeMs ? 'ahead' : 'good';
    if (timing === this.#timing) return;
    this.#timing = timing;
    this.#receiver.timing(timing);
  }
}

function unsupportedVideo(codecName: string): CodedError {
  return new CodedError(
    'media.unsupported',
    `The encoder sends ${codecName}; Lectern accepts H.264 video. In OBS: Settings → Output → Streaming → Video Encoder: x264, or any H.264 encoder.`,
  );
}

function unsupportedAudio(codecName: string): CodedError {
  return new CodedError(
    'media.unsupported',
    `The encoder sends ${codecName}; Lectern accepts AAC audio. In OBS: Settings → Output → Streaming → Audio Encoder: AAC.`,
  );
}

function hasSameParameterSets(one: AvcConfig, other: AvcConfig): boolean {
  return areEqual(one.spsUnits, other.spsUnits) && areEqual(one.ppsUnits, other.ppsUnits);
}

function areEqual(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return some.length === others.length && some.every((unit, i) => isEqual(unit, others[i]));
}

function isEqual(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0;
}
