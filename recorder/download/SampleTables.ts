// Responsible for the sample tables of one track, as they are written to its `stbl`. Four hours of video and audio take about
// 10 MB. Owns its arrays.
import { concat } from '#engine/media';
import { fullBox, u32 } from '../hls/fmp4/boxes.ts';

/** 32-bit numbers, appended one by one. */
class NumberList {
  #values = new DataView(new ArrayBuffer(4096));
  length = 0;

  push(...values: number[]): void {
    for (const value of values) {
      if (this.length * 4 === this.#values.byteLength) this.#grow();
      this.#values.setUint32(this.length * 4, value >>> 0);
      this.length += 1;
    }
  }

  /** Big-endian. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#values.buffer, 0, this.length * 4);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#values.byteLength * 2);
    larger.set(new Uint8Array(this.#values.buffer));
    this.#values = new DataView(larger.buffer);
  }
}

/** How often a value occurs in a row. */
class RunLengths {
  readonly #runs = new NumberList();
  #value: number | undefined;
  #count = 0;

  add(value: number, count = 1): void {
    if (value !== this.#value) {
      this.#flush();
      this.#value = value;
    }
    this.#count += count;
  }

  /** The entries of `stts` and `ctts`, with their number. */
  content(): Uint8Array {
    this.#flush();
    return concat([u32(this.#runs.length / 2), this.#runs.bytes()]);
  }

  #flush(): void {
    if (this.#value !== undefined && this.#count > 0) this.#runs.push(this.#count, this.#value);
    this.#count = 0;
  }
}

export interface TableSample {
  durationTicks: number;
  compositionOffsetTicks: number;
  bytes: number;
  isSync: boolean;
}

export class SampleTables {
  readonly #sizes = new NumberList();
  readonly #durations = new RunLengths();
  readonly #offsets = new RunLengths();
  readonly #syncs = new NumberList();
  #hasOffsets = false;
  /** The duration of the last sample, which the next one may change. */
  #lastTicks: number | undefined;
  #endTicks = 0;

  /** Where the last sample ends. */
  get endTicks(): number {
    return this.#endTicks + (this.#lastTicks ?? 0);
  }

  get isEmpty(): boolean {
    return this.#sizes.length === 0;
  }

  add(sample: TableSample): void {
    this.#flush();
    this.#sizes.push(sample.bytes);
    this.#lastTicks = sample.durationTicks;
    this.#offsets.add(sample.compositionOffsetTicks);
    this.#hasOffsets ||= sample.compositionOffsetTicks !== 0;
    if (sample.isSync) this.#syncs.push(this.#sizes.length);
  }

  /** Lengthens the last sample, or shortens it down to one tick. */
  stretchLast(byTicks: number): void {
    if (this.#lastTicks !== undefined) this.#lastTicks = Math.max(1, this.#lastTicks + byTicks);
  }

  /** `stts`, `ctts`, `stss` and `stsz` (ISO/IEC 14496-12 §8.6.1, §8.6.2, §8.7.3). */
  boxes(): Uint8Array[] {
    this.#flush();
    return [
      fullBox('stts', {}, this.#durations.content()),
      ...(this.#hasOffsets ? [fullBox('ctts', { version: 1 }, this.#offsets.content())] : []),
      // Without the box, every sample is a sync sample.
      ...(this.#syncs.length < this.#sizes.length ? [fullBox('stss', {}, u32(this.#syncs.length), this.#syncs.bytes())] : []),
      fullBox('stsz', {}, u32(0), u32(this.#sizes.length), this.#sizes.bytes()),
    ];
  }

  #flush(): void {
    if (this.#lastTicks === undefined) return;
    this.#durations.add(this.#lastTicks);
    this.#endTicks += this.#lastTicks;
    this.#lastTicks = undefined;
  }
}
