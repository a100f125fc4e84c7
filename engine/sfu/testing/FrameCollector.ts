import type { EncodedFrame, FrameSink, TrackFormat } from '../../media/index.ts';

/** A sink that collects all calls. */
export class FrameCollector implements FrameSink {
  readonly formats: TrackFormat[] = [];
  readonly frames: EncodedFrame[] = [];
  /** The index of the first frame after each gap. */
  readonly gapsBefore: number[] = [];
  isEnded = false;

  format(format: TrackFormat): void {
    this.formats.push(format);
  }

  frame(frame: EncodedFrame): void {
    this.frames.push(frame);
  }

  gap(): void {
    this.gapsBefore.push(this.frames.length);
  }

  get gaps(): number {
    return this.gapsBefore.length;
  }

  ended(): void {
    this.isEnded = true;
  }

  summary() {
    const times = this.frames.map((frame) => frame.decodeTimeUs);
    const steps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
    return {
      count: times.length,
      firstMs: (times[0] ?? 0) / 1000,
      lastMs: (times.at(-1) ?? 0) / 1000,
      shortestStepMs: Math.min(...steps),
      longestStepMs: Math.max(...steps),
      keyframes: this.frames.filter((frame) => frame.isKeyframe).length,
      gaps: this.gaps,
    };
  }
}
