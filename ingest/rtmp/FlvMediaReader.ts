import { CodedError } from '#engine/contract';
import type { TrackKind } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { buildAvcConfig, parseAudioConfig, parseAvcConfig, readAccessUnit, readAudioTag, readVideoTag } from '#engine/media';
import type { AudioFormat, AudioTag, AvcConfig, EncodedFrame, VideoTag } from '#engine/media';
import { TimeMap } from '../media/TimeMap.ts';

export interface FlvPacket {
  kind: TrackKind;
  timestampMs: number;
  /** An FLV tag body. */
  body: Uint8Array;
}

export interface MediaReaderListener {
  videoConfig(config: AvcConfig): void;
  audioFormat(format: AudioFormat): void;
  frame(kind: TrackKind, frame: EncodedFrame): void;
  /** A frame could not be read and is left out. */
  damaged(kind: TrackKind, reason: string): void;
}

/** Reads an encoder's packets: formats and frames on the server's clock. Refuses what Lectern cannot carry. */
export class FlvMediaReader {
  readonly #listener: MediaReaderListener;
  readonly #times: TimeMap;
  #video: AvcConfig | undefined;
  #audio: AudioFormat | undefined;

  constructor(clock: Clock, listener: MediaReaderListener) {
    this.#times = new TimeMap(clock);
    this.#listener = listener;
  }

  /** @throws CodedError `media.unsupported`, with a sentence for the instructor */
  packet(packet: FlvPacket): void {
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
      this.#listener.frame('video', { decodeTimeUs, presentationTimeUs, isKeyframe: unit.hasIdr, data: unit.data });
    } catch (err) {
      if (!(err instanceof RangeError)) throw err;
      this.#listener.damaged('video', err.message);
    }
  }

  #readAudio(packet: FlvPacket, tag: AudioTag): void {
    if (tag.type === 'unsupported') throw unsupportedAudio(tag.codecName);
    if (tag.type === 'config') this.#setAudio(readable('audio', () => parseAudioConfig(tag.config)));
    if (tag.type !== 'frame' || !this.#audio) return;
    const decodeTimeUs = this.#times.decodeTimeUs('audio', packet.timestampMs);
    const data = Uint8Array.from(tag.payload);
    this.#listener.frame('audio', { decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe: true, data });
  }

  #setVideo(config: AvcConfig): void {
    const isSame = this.#video !== undefined && hasSameParameterSets(this.#video, config);
    this.#video = config;
    if (!isSame) this.#listener.videoConfig(config);
  }

  #setAudio(format: AudioFormat): void {
    const isSame = this.#audio !== undefined && isEqual(this.#audio.decoderConfig, format.decoderConfig);
    this.#audio = format;
    if (!isSame) this.#listener.audioFormat(format);
  }
}

function unsupportedVideo(codecName: string): CodedError {
  return new CodedError(
    'media.unsupported',
    `The encoder sends ${codecName}; Lectern takes H.264 video. In OBS: Settings → Output → Streaming → Video Encoder: x264, or any H.264 encoder.`,
  );
}

function unsupportedAudio(codecName: string): CodedError {
  return new CodedError(
    'media.unsupported',
    `The encoder sends ${codecName}; Lectern takes AAC sound. In OBS: Settings → Output → Streaming → Audio Encoder: AAC.`,
  );
}

function readable<T>(kind: TrackKind, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const what = kind === 'video' ? 'H.264 video' : 'AAC sound';
    throw new CodedError('media.unsupported', `The encoder's description of its ${what} cannot be used: ${cause.message}.`, { cause });
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
