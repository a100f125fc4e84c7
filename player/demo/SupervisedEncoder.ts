// Responsible for an encoder that tries again by itself, as OBS does. Owns the encoder of the moment and the timer.
import { SyntheticEncoder } from './SyntheticEncoder.ts';
import type { SyntheticEncoderOptions } from './SyntheticEncoder.ts';

/** OBS: 2 s by default (Settings, Advanced, Automatically Reconnect). */
const retryDelayMs = 2000;

/** Pushes until it is stopped: whenever its connection ends, for whatever reason, it makes another a moment later. */
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

  /** How often it has begun to push, or tried to. */
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
