/** Over this time old speeds are forgotten: long enough to be calm, short enough to show a change. */
const memoryMs = 8000;
/** Before this time, the speed is a guess. */
const settledMs = 1500;

/** The smoothed speed of a transfer, by how much has arrived at which time. */
export class TransferRate {
  private last: { atMs: number; bytes: number } | undefined;
  private startedMs = 0;
  private bps = 0;

  /** @param bytes in total; fewer than before begins again */
  add(atMs: number, bytes: number): void {
    if (!this.last || bytes < this.last.bytes) {
      this.last = { atMs, bytes };
      this.startedMs = atMs;
      this.bps = 0;
      return;
    }
    const tookMs = atMs - this.last.atMs;
    if (tookMs <= 0) return;
    const now = ((bytes - this.last.bytes) * 1000) / tookMs;
    // Before the memory is full, the mean over all of it.
    const weight = 1 - Math.exp(-tookMs / Math.min(memoryMs, Math.max(tookMs, atMs - this.startedMs)));
    this.bps = this.bps === 0 ? now : this.bps + weight * (now - this.bps);
    this.last = { atMs, bytes };
  }

  /** Bytes per second; undefined until it is known well enough. */
  bytesPerSecond(): number | undefined {
    return this.last && this.last.atMs - this.startedMs >= settledMs && this.bps > 0 ? this.bps : undefined;
  }

  /** Seconds until so many more bytes have been sent; undefined until the speed is known. */
  secondsFor(bytes: number): number | undefined {
    const speed = this.bytesPerSecond();
    return speed === undefined ? undefined : Math.max(0, bytes) / speed;
  }
}
