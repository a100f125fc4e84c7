import { availableParallelism } from 'node:os';
import { flvFrame, FlvReader, flvStart, parseAvcConfig, readAccessUnit, readVideoTag } from '#engine/media';
import type { AvcConfig, EncodedFrame, FlvTag } from '#engine/media';
import { markedFrame } from './keyframeMarks.ts';
import type { KeyframeLevel } from './keyframeMarks.ts';
import { SupervisedFfmpeg } from './SupervisedFfmpeg.ts';
import type { FfmpegSurroundings, FfmpegTask, FfmpegTrouble } from './SupervisedFfmpeg.ts';
import { efforts, videoTranscodeArgs } from './videoTranscodeArgs.ts';
import { maxFrameLatenessMs, maxLateFrames } from '../limits.ts';

/** A start this far behind the present is caught up on in silence instead of being shown in fast motion. */
const shownCatchUpUs = 500_000;
/** What comes at once, after a network that stood still, is due at this multiple of its own pace. */
const catchUpPace = 1.25;

export interface VideoTranscoderOptions {
  surroundings: FfmpegSurroundings;
  originUs: number;
  /** The source as it is now. */
  source(): AvcConfig;
  /** The source's frames since its last keyframe. */
  recentFrames(): readonly EncodedFrame[];
  onFrame(frame: EncodedFrame, config: AvcConfig): void;
}

/** Makes the WebRTC copy of a source that browsers cannot have as it is. Owns its ffmpeg. */
export class VideoTranscoder implements FfmpegTask {
  readonly name = 'ffmpeg.video';
  readonly #options: VideoTranscoderOptions;
  readonly #ffmpeg: SupervisedFfmpeg;
  #reader: FlvReader;
  #config: AvcConfig | undefined;
  #effort = availableParallelism() >= 8 ? 0 : 1;
  #fedUntilUs = 0;
  /** What was fed and is not made yet: up to which picture, and when that is due. */
  #due: { untilUs: number; atMs: number }[] = [];
  #skipUntilUs = 0;
  #lateInARow = 0;
  /** Of pictures after `#levelFromUs`; those before it have the other one. */
  #level: KeyframeLevel = 0;
  #levelFromUs = -Infinity;

  constructor(options: VideoTranscoderOptions) {
    this.#options = options;
    this.#reader = new FlvReader((tag) => this.#onTag(tag));
    this.#ffmpeg = new SupervisedFfmpeg(this, options.surroundings);
    this.#ffmpeg.start();
  }

  get failures(): number {
    return this.#ffmpeg.failures;
  }

  push(frame: EncodedFrame): void {
    const untilUs = Math.max(this.#fedUntilUs, frame.presentationTimeUs);
    const last = this.#due.at(-1);
    const pacedMs = last ? last.atMs + (untilUs - last.untilUs) / 1000 / catchUpPace : 0;
    this.#due.push({ untilUs, atMs: Math.max(this.#options.surroundings.clock.nowMs(), pacedMs) });
    this.#fedUntilUs = untilUs;
    this.#ffmpeg.write(this.#marked(frame));
  }

  /** Makes the next picture a keyframe. */
  requestKeyframe(): void {
    // Pictures that are shown before one that was fed already may still come: they keep the level they would have had.
    if (this.#fedUntilUs <= this.#levelFromUs) return;
    this.#levelFromUs = this.#fedUntilUs;
    this.#level = this.#level === 0 ? 1 : 0;
  }

  /** The source has changed: begin again with what it is now. */
  sourceChanged(): void {
    this.#ffmpeg.renew();
  }

  close(): Promise<void> {
    return this.#ffmpeg.close();
  }

  args(): readonly string[] {
    const recent = this.#options.recentFrames();
    const first = recent[0]?.presentationTimeUs ?? 0;
    const last = Math.max(first, recent.at(-1)?.presentationTimeUs ?? 0);
    this.#skipUntilUs = last - first > shownCatchUpUs ? last : 0;
    return videoTranscodeArgs({
      effort: this.#effort,
      sourceFrameRate: this.#options.source().sps.frameRate,
      skipUntilSeconds: Math.max(0, (this.#skipUntilUs - this.#options.originUs) / 1e6),
    });
  }

  begin(write: (bytes: Buffer) => void): void {
    this.#reader = new FlvReader((tag) => this.#onTag(tag));
    this.#config = undefined;
    this.#due = [];
    this.#lateInARow = 0;
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
    if (trouble !== 'exited') this.#effort = Math.min(this.#effort + 1, efforts.length - 1);
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
    this.#lateInARow = this.#overdueMs(timeUs) > maxFrameLatenessMs ? this.#lateInARow + 1 : 0;
    if (this.#lateInARow > maxLateFrames) this.#ffmpeg.restart('behind');
  }

  /** How long ago a picture that comes now was due. The times of ffmpeg's output are whole milliseconds. */
  #overdueMs(timeUs: number): number {
    const made = this.#due.findIndex(({ untilUs }) => untilUs > timeUs - 1000);
    this.#due.splice(0, made < 0 ? this.#due.length : made);
    const nowMs = this.#options.surroundings.clock.nowMs();
    return nowMs - (this.#due[0]?.atMs ?? nowMs);
  }
}
