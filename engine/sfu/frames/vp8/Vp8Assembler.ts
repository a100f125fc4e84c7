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
  /** A name on the PATH or a file. */
  ffmpegCommand: string;
  clock: Clock;
}

/**
 * VP8 to frames of H.264, so that a recorder knows one kind of picture. A new picture size gets a new transcoder, whose
 * frames wait for the last one of the old. A loss shows as a jump of the times: what comes out goes on without a gap.
 * Owns the transcoders.
 */
export class Vp8Assembler implements FrameAssembler {
  readonly #options: Vp8AssemblerOptions;
  readonly #depacketizer = new Vp8Depacketizer((frame) => this.#take(frame));
  #isWaiting = true;
  #current: Vp8Transcoder | undefined;
  #before: Promise<void> = Promise.resolve();
  #startedAtUs = -Infinity;

  constructor(options: Vp8AssemblerOptions) {
    this.#options = options;
  }

  push(packet: RtpPacket): void {
    if (this.#isWaiting) this.#askForKeyframe();
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
    this.#askForKeyframe();
  }

  /** Not before it would be taken: it is the dearest picture there is. */
  #askForKeyframe(): void {
    const current = this.#current;
    if (!current || current.takesMore() || current.hasEnded) this.#options.requestKeyframe();
  }

  #take(frame: Vp8Frame): void {
    if (this.#isWaiting && !frame.size) return;
    const timeUs = this.#options.timeOf(frame.timestamp);
    if (frame.size) this.#fit(frame.size, timeUs);
    this.#isWaiting = false;
    if (!this.#current?.write(frame, timeUs)) this.#wait();
  }

  #fit(size: { widthPx: number; heightPx: number }, timeUs: number): void {
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
    this.#current = new Vp8Transcoder({ ffmpegCommand, size, clock, logger, sink: heldBack(this.#options.sink, current && this.#before) });
  }
}

type FramesOnly = Pick<FrameSink, 'format' | 'frame'>;

/** The sink, from when `before` is over; until then everything waits. */
function heldBack(sink: FramesOnly, before: Promise<void> | undefined): FramesOnly {
  let waiting: (() => void)[] | undefined = before && [];
  const release = () => {
    for (const tell of waiting ?? []) tell();
    waiting = undefined;
  };
  void before?.then(release, release);
  const pass = (tell: () => void) => (waiting ? void waiting.push(tell) : tell());
  return { format: (format) => pass(() => sink.format(format)), frame: (frame) => pass(() => sink.frame(frame)) };
}
