// An encoder that reconnects automatically, like OBS. Owns the current encoder and the timer.
import { SyntheticEncoder } from './SyntheticEncoder.ts';
import type { SyntheticEncoderOptions } from './SyntheticEncoder.ts';

/** The default of OBS (Settings → Advanced → Automatically Reconnect). */
const retryDelayMs = 2000;

/** Publishes until it is stopped. Whenever the connection ends, it connects again after a delay. */
export class SupervisedEncoder {
  readonly #options: SyntheticEncoderOptions;
  #encoder: SyntheticEncoder;
  #timer: NodeJS.Timeout | undefined;
  #starts = 0;
  #isStopped = false;

  constructor(options: SyntheticEncoderOptions) {
    this.#options = options;
    this.#encoder = this.#start();
  }

  /** Number of connection attempts. */
  get starts(): number {
    return this.#starts;
  }

  get stderrTail(): string {
    return this.#encoder.stderrTail;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#encoder.stop();
  }

  #start(): SyntheticEncoder {
    this.#starts += 1;
    const encoder = new SyntheticEncoder(this.#options);
    this.#encoder = encoder;
    void encoder.exited.then(() => {
      if (this.#isStopped) return;
      this.#timer = setTimeout(() => this.#start(), retryDelayMs);
    });
    return encoder;
  }
}
