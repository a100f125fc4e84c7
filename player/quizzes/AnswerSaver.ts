import { signal } from '@preact/signals';
import type { Answer } from '#api/contract';

export type SaveState = 'saved' | 'saving' | 'offline';

export interface AnswerSaverOptions {
  save: (questionId: string, answer: Answer | null) => Promise<unknown>;
  /** Whether a failure will pass: the network, or a server that is restarting. */
  isTemporary: (error: unknown) => boolean;
  /** The server refused an answer for good. */
  onRefused: (error: unknown) => void;
  /** Calls back after some ms; returns what cancels it. */
  after: (ms: number, run: () => void) => () => void;
}

const retryMs = 2000;

/** Saves the answers of an attempt one after the other, each in its newest form, and goes on when the network is back. Owns its timer. */
export class AnswerSaver {
  readonly state = signal<SaveState>('saved');
  readonly #options: AnswerSaverOptions;
  readonly #waiting = new Map<string, Answer | null>();
  #running: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #isClosed = false;

  constructor(options: AnswerSaverOptions) {
    this.#options = options;
  }

  put(questionId: string, answer: Answer | null): void {
    this.#waiting.set(questionId, answer);
    if (this.state.value === 'saved') this.state.value = 'saving';
    this.#start();
  }

  /** Answers that the server does not have yet. */
  get pending(): ReadonlyMap<string, Answer | null> {
    return this.#waiting;
  }

  /** Tries again at once. Resolves when everything is saved, or the network is away. */
  async flush(): Promise<boolean> {
    this.#start();
    await this.#running;
    return this.#waiting.size === 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
  }

  #start(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const [next] = this.#waiting;
      if (!next) {
        this.state.value = 'saved';
        return;
      }
      const [questionId, answer] = next;
      try {
        await this.#options.save(questionId, answer);
      } catch (error) {
        if (this.#options.isTemporary(error)) {
          this.state.value = 'offline';
          this.#cancelRetry = this.#options.after(retryMs, () => this.#start());
          return;
        }
        this.#options.onRefused(error);
      }
      // A newer answer may have come.
      if (this.#waiting.get(questionId) === answer) this.#waiting.delete(questionId);
    }
  }
}
