import { bytesPerSample } from './pcm.ts';

/** The stored form of a waveform. */
export interface WaveformData {
  version: 1;
  durationMs: number;
  /** The highest level in each of equal parts of the audio, 0 to 255. */
  peaks: number[];
}

/** Finds the highest level of each part of a track, from its samples. */
export class Waveform {
  readonly #peaks: Int32Array;
  readonly #bytesPerPoint: number;
  #at = 0;

  constructor(totalSamples: number, points: number) {
    const count = Math.max(1, Math.min(points, totalSamples));
    this.#peaks = new Int32Array(count);
    this.#bytesPerPoint = Math.max(1, totalSamples / count) * bytesPerSample;
  }

  /** Adds 16 bit samples in stereo. Every eighth value is enough for an image, and costs little. */
  add(chunk: Buffer): void {
    const step = 16;
    for (let at = 0; at + 1 < chunk.length; at += step) {
      const point = Math.min(this.#peaks.length - 1, Math.floor((this.#at + at) / this.#bytesPerPoint));
      const level = Math.abs(chunk.readInt16LE(at));
      if (level > (this.#peaks[point] ?? 0)) this.#peaks[point] = level;
    }
    this.#at += chunk.length;
  }

  data(durationMs: number): WaveformData {
    return { version: 1, durationMs: Math.round(durationMs), peaks: Array.from(this.#peaks, (level) => Math.min(255, Math.round((level * 255) / 32767))) };
  }
}
