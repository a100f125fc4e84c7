import { ChildProcess } from '../../../kernel/index.ts';
import type { Clock, Logger } from '../../../kernel/index.ts';
import { FlvReader, levelFor, parseAvcConfig, readAccessUnit, readVideoTag } from '../../../media/index.ts';
import type { FlvTag, FrameSink } from '../../../media/index.ts';
import type { Vp8Frame } from './Vp8Depacketizer.ts';
import { maxVp8BacklogBytes, maxVp8LagMs, vp8CaughtUpMs, vp8FinishMs, vp8StallMs, vp8StartAllowanceMs } from '../../limits.ts';

/** Browsers are asked for at most 30 frames a second. */
const maxFrameRate = 30;

/** Outputs each frame at once, with the time of its input, and a keyframe every two seconds, for segments. */
const ffmpegArguments = (size: Vp8TranscoderOptions['size']): string[] => [
  '-hide_banner -loglevel error -threads 1 -probesize 32 -analyzeduration 0 -f ivf -i pipe:0 -map 0:v:0',
  // VP8 has any width and height; H.264 with 4:2:0 chroma has only even ones.
  '-vf crop=trunc(iw/2)*2:trunc(ih/2)*2',
  // x264 would derive the level from the time base of IVF, which is no frame rate.
  `-level ${(levelFor({ ...size, frameRate: maxFrameRate }) / 10).toFixed(1)}`,
  '-c:v libx264 -preset veryfast -tune zerolatency -profile:v high -pix_fmt yuv420p -crf 23 -fps_mode passthrough',
  '-force_key_frames expr:gte(t,n_forced*2) -g 600 -f flv -flvflags no_duration_filesize -flush_packets 1 pipe:1',
].flatMap((line) => line.split(' '));

export interface Vp8TranscoderOptions {
  ffmpegCommand: string;
  size: { widthPx: number; heightPx: number };
  sink: Pick<FrameSink, 'format' | 'frame'>;
  clock: Clock;
  logger: Logger;
}

/** A frame that was written to ffmpeg and has not come out yet. */
interface Pending {
  timeUs: number;
  writtenAtMs: number;
}

/**
 * Turns VP8 of one size into H.264. Owns one ffmpeg: `finish` waits for its last frames, `kill` does not. Kills it when it
 * hangs.
 */
export class Vp8Transcoder {
  readonly #options: Vp8TranscoderOptions;
  readonly #ffmpeg: ChildProcess;
  /** By their timestamp in ffmpeg, ms. */
  readonly #pending = new Map<number, Pending>();
  readonly ended: Promise<void>;
  #firstUs: number | undefined;
  #lastMs = -1;
  /** When the last frame came out; before the first one, when it is due. */
  #lastOutputMs: number;
  #isCatchingUp = false;
  #isFinishing = false;
  #hasEnded = false;

  constructor(options: Vp8TranscoderOptions) {
    this.#options = options;
    this.#lastOutputMs = options.clock.nowMs() + vp8StartAllowanceMs;
    this.#ffmpeg = new ChildProcess({ command: options.ffmpegCommand, args: ffmpegArguments(options.size), name: 'ffmpeg.vp8', logger: options.logger });
    const reader = new FlvReader((tag) => this.#onTag(tag));
    this.#ffmpeg.stdout.on('data', (chunk: Buffer) => this.#read(() => reader.push(chunk)));
    this.ended = this.#ffmpeg.exited.then(({ code, signal, stderrTail }) => {
      this.#hasEnded = true;
      if (!this.#isFinishing) options.logger.error({ code, signal, stderrTail }, 'vp8Transcoder.failed');
    });
    this.#ffmpeg.stdin.write(ivfHeader(options.size));
  }

  get size(): { widthPx: number; heightPx: number } {
    return this.#options.size;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** False while ffmpeg is too far behind. Kills an ffmpeg that hangs. */
  isReady(): boolean {
    if (this.#hasEnded || this.#isFinishing) return false;
    if (this.#isHung()) setImmediate(() => this.#killIfHung());
    this.#isCatchingUp = this.#lagMs() > (this.#isCatchingUp ? vp8CaughtUpMs : maxVp8LagMs);
    return !this.#isCatchingUp && this.#ffmpeg.stdin.writableLength <= maxVp8BacklogBytes;
  }

  /** False, without writing, while the transcoder is not ready. */
  write(frame: Vp8Frame, timeUs: number): boolean {
    if (!this.isReady()) return false;
    const { stdin } = this.#ffmpeg;
    const writtenAtMs = this.#options.clock.nowMs();
    this.#firstUs ??= timeUs;
    this.#lastMs = Math.max(this.#lastMs + 1, Math.round((timeUs - this.#firstUs) / 1000));
    this.#pending.set(this.#lastMs, { timeUs, writtenAtMs });
    stdin.write(ivfFrameHeader(frame.data.length, this.#lastMs));
    stdin.write(frame.data);
    return true;
  }

  async finish(): Promise<void> {
    this.#isFinishing = true;
    await this.#ffmpeg.finish(vp8FinishMs);
    await this.ended;
  }

  kill(): void {
    this.#isFinishing = true;
    this.#ffmpeg.kill();
  }

  #lagMs(): number {
    const [oldest] = this.#pending.values();
    return oldest ? this.#options.clock.nowMs() - oldest.writtenAtMs : 0;
  }

  #isHung(): boolean {
    return Math.min(this.#lagMs(), this.#options.clock.nowMs() - this.#lastOutputMs) > vp8StallMs;
  }

  /** Runs after pending output was read, because this process itself may have been suspended. */
  #killIfHung(): void {
    if (this.#hasEnded || !this.#isHung()) return;
    this.#hasEnded = true;
    this.#ffmpeg.kill();
  }

  #read(chunk: () => void): void {
    try {
      chunk();
    } catch (err) {
      if (!(err instanceof RangeError)) throw err;
      this.#options.logger.error({ err }, 'vp8Transcoder.outputUnreadable');
      this.#ffmpeg.kill();
    }
  }

  #onTag({ kind, timestampMs, body }: FlvTag): void {
    if (kind !== 'video') return;
    this.#lastOutputMs = this.#options.clock.nowMs();
    const tag = readVideoTag(body);
    if (tag.type === 'config') this.#options.sink.format(parseAvcConfig(tag.record).format);
    if (tag.type !== 'frame') return;
    const pending = this.#pending.get(timestampMs);
    if (!pending) return;
    for (const ms of this.#pending.keys()) if (ms <= timestampMs) this.#pending.delete(ms);
    const { timeUs } = pending;
    const { data, hasIdr } = readAccessUnit(tag.payload);
    this.#options.sink.frame({ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: hasIdr, data });
  }
}

/** IVF: 32 bytes, little endian, with a clock of milliseconds. */
function ivfHeader({ widthPx, heightPx }: { widthPx: number; heightPx: number }): Buffer {
  const header = Buffer.alloc(32);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(32, 6);
  header.write('VP80', 8, 'latin1');
  header.writeUInt16LE(widthPx, 12);
  header.writeUInt16LE(heightPx, 14);
  header.writeUInt32LE(1000, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

function ivfFrameHeader(bytes: number, ptsMs: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(bytes, 0);
  header.writeBigUInt64LE(BigInt(ptsMs), 4);
  return header;
}
