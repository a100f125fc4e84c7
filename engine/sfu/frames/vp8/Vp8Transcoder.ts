import { ChildProcess } from '../../../kernel/index.ts';
import type { Clock, Logger } from '../../../kernel/index.ts';
import { FlvReader, parseAvcConfig, readAccessUnit, readVideoTag } from '../../../media/index.ts';
import type { FlvTag, FrameSink } from '../../../media/index.ts';
import type { Vp8Frame } from './Vp8Depacketizer.ts';
import { maxVp8BacklogBytes, maxVp8LagMs, vp8CaughtUpMs, vp8FinishMs, vp8StallMs, vp8StartAllowanceMs } from '../../limits.ts';

/** One picture out for each one in, at once, with its own time; a keyframe every two seconds, for segments. */
const ffmpegArguments = [
  '-hide_banner -loglevel error -threads 1 -probesize 32 -analyzeduration 0 -f ivf -i pipe:0 -map 0:v:0',
  // VP8 has sides of any length; H.264 whose colours are halved both ways (4:2:0) has only even ones.
  '-vf crop=trunc(iw/2)*2:trunc(ih/2)*2',
  // The level would be guessed from IVF's clock, which is no frame rate.
  '-c:v libx264 -preset veryfast -tune zerolatency -profile:v high -level 4.2 -pix_fmt yuv420p -crf 23 -fps_mode passthrough',
  '-force_key_frames expr:gte(t,n_forced*2) -g 600 -f flv -flvflags no_duration_filesize -flush_packets 1 pipe:1',
].flatMap((line) => line.split(' '));

export interface Vp8TranscoderOptions {
  ffmpegCommand: string;
  size: { widthPx: number; heightPx: number };
  sink: Pick<FrameSink, 'format' | 'frame'>;
  clock: Clock;
  logger: Logger;
}

/** A picture that ffmpeg was given, and has not given back. */
interface Pending {
  timeUs: number;
  writtenAtMs: number;
}

/**
 * Turns VP8 of one picture size into H.264. Owns one ffmpeg; `finish` lets it come to an end, `kill` does not, and
 * neither does it itself when it hangs.
 */
export class Vp8Transcoder {
  readonly #options: Vp8TranscoderOptions;
  readonly #ffmpeg: ChildProcess;
  /** By the ms that ffmpeg knows them by. */
  readonly #pending = new Map<number, Pending>();
  readonly ended: Promise<void>;
  #firstUs: number | undefined;
  #lastMs = -1;
  /** Before its first picture: by when there should be one. */
  #lastAnswerMs: number;
  #isCatchingUp = false;
  #isFinishing = false;
  #hasEnded = false;

  constructor(options: Vp8TranscoderOptions) {
    this.#options = options;
    this.#lastAnswerMs = options.clock.nowMs() + vp8StartAllowanceMs;
    this.#ffmpeg = new ChildProcess({ command: options.ffmpegCommand, args: ffmpegArguments, name: 'ffmpeg.vp8', logger: options.logger });
    const reader = new FlvReader((tag) => this.#take(tag));
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

  /** Not while ffmpeg is too far behind. One that hangs is given up in a moment, and has ended then. */
  takesMore(): boolean {
    if (this.#hasEnded || this.#isFinishing) return false;
    if (this.#hangs()) setImmediate(() => this.#giveUpIfItHangs());
    this.#isCatchingUp = this.#behindMs() > (this.#isCatchingUp ? vp8CaughtUpMs : maxVp8LagMs);
    return !this.#isCatchingUp && this.#ffmpeg.stdin.writableLength <= maxVp8BacklogBytes;
  }

  /** False where it does not take more. */
  write(frame: Vp8Frame, timeUs: number): boolean {
    if (!this.takesMore()) return false;
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

  #behindMs(): number {
    const [oldest] = this.#pending.values();
    return oldest ? this.#options.clock.nowMs() - oldest.writtenAtMs : 0;
  }

  #hangs(): boolean {
    return Math.min(this.#behindMs(), this.#options.clock.nowMs() - this.#lastAnswerMs) > vp8StallMs;
  }

  /** Once what it may have said has been read: it was perhaps this process that stood still. */
  #giveUpIfItHangs(): void {
    if (this.#hasEnded || !this.#hangs()) return;
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

  #take({ kind, timestampMs, body }: FlvTag): void {
    if (kind !== 'video') return;
    this.#lastAnswerMs = this.#options.clock.nowMs();
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
