import { background } from '../../../kernel/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import type { FrameSink } from '../../../media/index.ts';
import type { FrameAssembler, FrameAssemblerOptions } from '../FrameAssembler.ts';
import type { RtpPacket } from '../rtpPacket.ts';
import { Vp8Depacketizer } from './Vp8Depacketizer.ts';
import type { Vp8Frame } from './Vp8Depacketizer.ts';
import { Vp8Transcoder } from './Vp8Transcoder.ts';
import { vp8RestartIntervalMs } from '../../limits.ts';

export interface Vp8AssemblerOptions extends FrameAssemblerOptions {
  /** A name in PATH or a file. */
  ffmpegCommand: string;
  clock: Clock;
}

/**
 * Turns VP8 into frames of H.264, so that the recorder handles one video codec. Each video size has a transcoder of its own;
 * frames of a new one wait for the last frame of the previous one. A loss shows as a jump of the times, without a gap, because
 * the output is re-encoded. Owns the transcoders.
 */
export class Vp8Assembler implements FrameAssembler {
  readonly #options: Vp8AssemblerOptions;
  readonly #depacketizer = new Vp8Depacketizer((frame) => this.#onFrame(frame));
  #isWaiting = true;
  #current: Vp8Transcoder | undefined;
  #before: Promise<void> = Promise.resolve();
  #startedAtUs = -Infinity;

  constructor(options: Vp8AssemblerOptions) {
    this.#options = options;
  }

  push(packet: RtpPacket): void {
    if (this.#isWaiting) this.#requestKeyframe();
    this.#depacketizer.push(packet);
  }

  lost(): void {
    this.#depacketizer.reset();
    this.#wait();
  }

  async finish(): Promise<void> {
    await Promise.all([this.#before, this.#current?.finish()]);
  }

  abort(): void {
    this.#current?.kill();
  }

  #wait(): void {
    this.#isWaiting = true;
    this.#requestKeyframe();
  }

  /** Not while the transcoder would drop it: a keyframe is expensive. */
  #requestKeyframe(): void {
    const current = this.#current;
    if (!current || current.isReady() || current.hasEnded) this.#options.requestKeyframe();
  }

  #onFrame(frame: Vp8Frame): void {
    if (this.#isWaiting && !frame.size) return;
    const timeUs = this.#options.timeOf(frame.timestamp);
    if (frame.size) this.#ensureTranscoder(frame.size, timeUs);
    this.#isWaiting = false;
    if (!this.#current?.write(frame, timeUs)) this.#wait();
  }

  #ensureTranscoder(size: { widthPx: number; heightPx: number }, timeUs: number): void {
    const current = this.#current;
    const isSame = current && current.size.widthPx === size.widthPx && current.size.heightPx === size.heightPx;
    if (isSame && !current.hasEnded) return;
    if (current?.hasEnded && timeUs - this.#startedAtUs < vp8RestartIntervalMs * 1000) return;
    this.#startedAtUs = timeUs;
    const { ffmpegCommand, clock, logger } = this.#options;
    if (current) {
      this.#before = Promise.all([this.#before, current.finish()]).then(() => undefined);
      background('vp8Transcoder.finish', this.#before, logger);
    }
    this.#current = new Vp8Transcoder({ ffmpegCommand, size, clock, logger, sink: deferredSink(this.#options.sink, current && this.#before) });
  }
}

type FramesOnly = Pick<FrameSink, 'format' | 'frame'>;

/** A sink that holds all calls until `before` settles. */
function deferredSink(sink: FramesOnly, before: Promise<void> | undefined): FramesOnly {
  let held: (() => void)[] | undefined = before && [];
  const release = () => {
    for (const call of held ?? []) call();
    held = undefined;
  };
  void before?.then(release, release);
  const pass = (call: () => void) => (held ? void held.push(call) : call());
  return { format: (format) => pass(() => sink.format(format)), frame: (frame) => pass(() => sink.frame(frame)) };
}
