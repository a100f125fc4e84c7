import { availableParallelism } from 'node:os';
import { flvFrame, FlvReader, flvStart, parseAvcConfig, readAccessUnit, readVideoTag } from '#engine/media';
import type { AvcConfig, EncodedFrame, FlvTag } from '#engine/media';
import { markedFrame } from './keyframeMarks.ts';
import type { KeyframeLevel } from './keyframeMarks.ts';
import { SupervisedFfmpeg } from './SupervisedFfmpeg.ts';
import type { FfmpegEnvironment, FfmpegTask, FfmpegTrouble } from './SupervisedFfmpeg.ts';
import { presetCount, videoTranscodeArgs } from './videoTranscodeArgs.ts';
import type { TranscodeTarget } from './videoTranscodeArgs.ts';
import { maxFrameLatenessMs, maxLateFrames } from '../limits.ts';

/** A longer delay at the start is decoded without output, because the output would play in fast motion. */
const maxVisibleCatchUpUs = 500_000;
/** ffmpeg reads times in whole milliseconds. */
const roundingUs = 500;
/** Frames that arrive at once, after a stalled network, are due at this multiple of their own frame rate. */
const catchUpPace = 1.25;

export interface VideoTranscoderOptions {
  environment: FfmpegEnvironment;
  originUs: number;
  target: TranscodeTarget;
  /** The current format of the source. */
  source(): AvcConfig;
  /** The frames of the source since its last keyframe. */
  recentFrames(): readonly EncodedFrame[];
  /** Frames before this time are decoded without output. */
  resumeAtUs?(): number;
  onFrame(frame: EncodedFrame, config: AvcConfig): void;
}

/** Re-encodes the video of a source that browsers cannot play as it is, for its WebRTC feed or in place of it. Owns its ffmpeg. */
export class VideoTranscoder implements FfmpegTask {
  readonly name = 'ffmpeg.video';
  readonly #options: VideoTranscoderOptions;
  readonly #ffmpeg: SupervisedFfmpeg;
  #reader: FlvReader;
  #config: AvcConfig | undefined;
  #preset = availableParallelism() >= 8 ? 0 : 1;
  #writtenUntilUs = 0;
  /** Frames that were written and have not come out: up to which presentation time, and when that is due. */
  #due: { untilUs: number; atMs: number }[] = [];
  #skipUntilUs = 0;
  #consecutiveLate = 0;
  /** The level of frames after `#levelFromUs`; earlier frames have the other level. */
  #level: KeyframeLevel = 0;
  #levelFromUs = -Infinity;

  constructor(options: VideoTranscoderOptions) {
    this.#options = options;
    this.#reader = new FlvReader((tag) => this.#onTag(tag));
    this.#ffmpeg = new SupervisedFfmpeg(this, options.environment);
    this.#ffmpeg.start();
  }

  get failures(): number {
    return this.#ffmpeg.failures;
  }

  push(frame: EncodedFrame): void {
    const untilUs = Math.max(this.#writtenUntilUs, frame.presentationTimeUs);
    const last = this.#due.at(-1);
    const pacedMs = last ? last.atMs + (untilUs - last.untilUs) / 1000 / catchUpPace : 0;
    this.#due.push({ untilUs, atMs: Math.max(this.#options.environment.clock.nowMs(), pacedMs) });
    this.#writtenUntilUs = untilUs;
    this.#ffmpeg.write(this.#marked(frame));
  }

  /** Makes the next frame a keyframe. */
  requestKeyframe(): void {
    // Frames with an earlier presentation time than a written one may still follow: they keep their level.
    if (this.#writtenUntilUs <= this.#levelFromUs) return;
    this.#levelFromUs = this.#writtenUntilUs;
    this.#level = this.#level === 0 ? 1 : 0;
  }

  /** The format of the source has changed: starts another ffmpeg. */
  sourceChanged(): void {
    this.#ffmpeg.renew();
  }

  /** Outputs the frames in progress, and ends. */
  finish(): Promise<void> {
    return this.#ffmpeg.finish();
  }

  close(): Promise<void> {
    return this.#ffmpeg.close();
  }

  args(): readonly string[] {
    const recent = this.#options.recentFrames();
    const first = recent[0]?.presentationTimeUs ?? 0;
    const last = Math.max(first, recent.at(-1)?.presentationTimeUs ?? 0);
    this.#skipUntilUs = this.#options.resumeAtUs?.() ?? (last - first > maxVisibleCatchUpUs ? last - roundingUs : 0);
    return videoTranscodeArgs({
      target: this.#options.target,
      preset: this.#preset,
      source: this.#options.source().sps,
      skipUntilSeconds: Math.max(0, (this.#skipUntilUs - this.#options.originUs) / 1e6),
    });
  }

  begin(write: (bytes: Buffer) => void): void {
    this.#reader = new FlvReader((tag) => this.#onTag(tag));
    this.#config = undefined;
    this.#due = [];
    this.#consecutiveLate = 0;
    write(flvStart(this.#options.source().format));
    for (const frame of this.#options.recentFrames()) write(this.#marked(frame));
  }

  #marked(frame: EncodedFrame): Buffer {
    const { originUs } = this.#options;
    const isBefore = frame.presentationTimeUs <= this.#levelFromUs;
    const level: KeyframeLevel = isBefore === (this.#level === 0) ? 1 : 0;
    return flvFrame('video', markedFrame(frame, { originUs, level }), originUs);
  }

  onStdout(piece: Buffer): void {
    this.#reader.push(piece);
  }

  onTrouble(trouble: FfmpegTrouble): void {
    if (trouble !== 'exited') this.#preset = Math.min(this.#preset + 1, presetCount - 1);
  }

  #onTag({ kind, timestampMs, body }: FlvTag): void {
    if (kind !== 'video') return;
    const tag = readVideoTag(body);
    if (tag.type === 'config') this.#config = parseAvcConfig(tag.record);
    if (tag.type !== 'frame' || !this.#config) return;
    const { data, hasIdr } = readAccessUnit(tag.payload, this.#config.lengthSize);
    if (data.length === 0) return;
    const timeUs = this.#options.originUs + timestampMs * 1000;
    this.#options.onFrame({ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: hasIdr, data }, this.#config);
    this.#consecutiveLate = this.#latenessMs(timeUs) > maxFrameLatenessMs ? this.#consecutiveLate + 1 : 0;
    if (this.#consecutiveLate > maxLateFrames) this.#ffmpeg.restart('behind');
  }

  /** How late a frame is that comes out now. The times of ffmpeg's output are whole milliseconds. */
  #latenessMs(timeUs: number): number {
    const done = this.#due.findIndex(({ untilUs }) => untilUs > timeUs - 1000);
    this.#due.splice(0, done < 0 ? this.#due.length : done);
    const nowMs = this.#options.environment.clock.nowMs();
    return nowMs - (this.#due[0]?.atMs ?? nowMs);
  }
}
