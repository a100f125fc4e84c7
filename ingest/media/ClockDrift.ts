const spanMs = 10_000;
/** Delays that last for less do not count: a network that stalls for a minute delays everything. */
const windowSpans = 12;
/** The drift counts from the least delayed packet of this time on. */
const referenceMs = 60_000;

interface Span {
  fromMs: number;
  leastOffsetMs: number;
}

/**
 * How far the clock of an encoder has drifted against the server's. Nothing arrives before it was sent: the least difference
 * between arrival and timestamp, over two minutes, follows the clocks and not the network. Crystals are 50 to 100 ppm apart,
 * which is 0.2 to 0.4 s in an hour.
 */
export class ClockDrift {
  readonly #spans: Span[] = [];
  #startedAtMs: number | undefined;
  #referenceOffsetMs = Infinity;
  #driftMs = 0;

  get driftMs(): number {
    return this.#driftMs;
  }

  /** A packet has arrived whose timestamp is `offsetMs` before its arrival. */
  arrived(atMs: number, offsetMs: number): void {
    this.#startedAtMs ??= atMs;
    const last = this.#spans.at(-1);
    if (last && atMs - last.fromMs < spanMs) last.leastOffsetMs = Math.min(last.leastOffsetMs, offsetMs);
    else this.#spans.push({ fromMs: atMs, leastOffsetMs: offsetMs });
    while (this.#spans.length > windowSpans) this.#spans.shift();
    if (atMs - this.#startedAtMs <= referenceMs) this.#referenceOffsetMs = Math.min(this.#referenceOffsetMs, offsetMs);
    else this.#driftMs = this.#spans.reduce((least, span) => Math.min(least, span.leastOffsetMs), Infinity) - this.#referenceOffsetMs;
  }
}
