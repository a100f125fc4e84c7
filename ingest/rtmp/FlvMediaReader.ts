import { CodedError } from '#engine/contract';
import type { TrackKind } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { buildAvcConfig, parseAudioConfig, parseAvcConfig, readAccessUnit, readAudioTag, readVideoTag } from '#engine/media';
import type { AudioFormat, AudioTag, AvcConfig, VideoTag } from '#engine/media';
import { TimeMap } from '../media/TimeMap.ts';
import type { MediaReceiver } from '../session/MediaReceiver.ts';

/** An FLV tag of an encoder, as RTMP carries it. */
export interface FlvPacket {
  kind: TrackKind;
  timestampMs: number;
  /** The body of the tag. It is valid only during the call: RTMP reuses its buffers. */
  body: Uint8Array;
}

/** Reads FLV tags and passes formats and frames to a receiver, with times of the server's clock. */
export class FlvMediaReader {
  readonly #receiver: MediaReceiver;
  readonly #times: TimeMap;
  #video: AvcConfig | undefined;
  #audio: AudioFormat | undefined;

  constructor(clock: Clock, receiver: MediaReceiver) {
    this.#times = new TimeMap(clock);
    this.#receiver = receiver;
  }

  /** @throws CodedError `media.unsupported`, with a sentence for the instructor */
  packet(packet: FlvPacket): void {
    this.#receiver.arrived();
    if (packet.kind === 'video') this.#readVideo(packet, readVideoTag(packet.body));
    else this.#readAudio(packet, readAudioTag(packet.body));
  }

  #readVideo(packet: FlvPacket, tag: VideoTag): void {
    if (tag.type === 'unsupported') throw unsupportedVideo(tag.codecName);
    if (tag.type === 'config') this.#setVideo(readable('video', () => parseAvcConfig(tag.record)));
    if (tag.type !== 'frame' || !this.#video) return;
    try {
      const unit = readAccessUnit(tag.payload, this.#video.lengthSize);
      if (unit.spsUnits.length > 0 && unit.ppsUnits.length > 0) this.#setVideo(buildAvcConfig(unit, this.#video.lengthSize));
      if (unit.data.length === 0) return;
      const decodeTimeUs = this.#times.decodeTimeUs('video', packet.timestampMs);
      const presentationTimeUs = decodeTimeUs + tag.compositionTimeMs * 1000;
      this.#receiver.frame('video', { decodeTimeUs, presentationTimeUs, isKeyframe: unit.hasIdr, data: unit.data });
    } catch (err) {
      if (!(err instanceof RangeError)) throw err;
      this.#receiver.damaged('video', err.message);
    }
  }

  #readAudio(packet: FlvPacket, tag: AudioTag): void {
    if (tag.type === 'unsupported') throw unsupportedAudio(tag.codecName);
    if (tag.type === 'config') this.#setAudio(readable('audio', () => parseAudioConfig(tag.config)));
    if (tag.type !== 'frame' || !this.#audio) return;
    const decodeTimeUs = this.#times.decodeTimeUs('audio', packet.timestampMs);
    const data = Uint8Array.from(tag.payload);
    this.#receiver.frame('audio', { decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe: true, data });
  }

  #setVideo(config: AvcConfig): void {
    const isSame = this.#video !== undefined && hasSameParameterSets(this.#video, config);
    this.#video = config;
    if (!isSame) this.#receiver.videoConfig(config);
  }

  #setAudio(format: AudioFormat): void {
    const isSame = this.#audio !== undefined && isEqual(this.#audio.decoderConfig, format.decoderConfig);
    this.#audio = format;
    if (!isSame) this.#receiver.audioFormat(format);
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

function readable<T>(kind: TrackKind, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const what = kind === 'video' ? 'H.264 video' : 'AAC audio';
    throw new CodedError('media.unsupported', `The configuration that the encoder sends for its ${what} is invalid: ${cause.message}.`, { cause });
  }
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
