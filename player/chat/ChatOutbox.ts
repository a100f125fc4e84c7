import { signal } from '@preact/signals';
import { isCoded } from '#engine/contract';

export interface PendingMessage {
  key: number;
  text: string;
  /** Why it was not sent; undefined while it is on its way. */
  failure: unknown;
}

/**
 * Keeps what someone wrote until the room has it: shown at once, kept on failure to be tried again. Owns nothing but its
 * list.
 */
export class ChatOutbox {
  readonly pending = signal<readonly PendingMessage[]>([]);
  /** Until when the server refuses another message, on `performance.now()`. */
  readonly blockedUntilMs = signal(0);
  private readonly post: (text: string) => Promise<void>;
  private lastKey = 0;

  constructor(post: (text: string) => Promise<void>) {
    this.post = post;
  }

  async send(text: string): Promise<void> {
    this.lastKey += 1;
    const message: PendingMessage = { key: this.lastKey, text, failure: undefined };
    this.pending.value = [...this.pending.value, message];
    await this.deliver(message);
  }

  async retry(key: number): Promise<void> {
    const message = this.pending.value.find((pending) => pending.key === key);
    if (!message) return;
    this.change({ ...message, failure: undefined });
    await this.deliver(message);
  }

  discard(key: number): void {
    this.pending.value = this.pending.value.filter((pending) => pending.key !== key);
  }

  private async deliver(message: PendingMessage): Promise<void> {
    try {
      await this.post(message.text);
      this.discard(message.key);
    } catch (failure) {
      const waitMs = retryAfterMsOf(failure);
      if (waitMs !== undefined) this.blockedUntilMs.value = performance.now() + waitMs;
      this.change({ ...message, failure });
    }
  }

  private change(message: PendingMessage): void {
    this.pending.value = this.pending.value.map((pending) => (pending.key === message.key ? message : pending));
  }
}

function retryAfterMsOf(failure: unknown): number | undefined {
  if (!isCoded(failure)) return undefined;
  const wait = failure.details?.retryAfterMs;
  return typeof wait === 'number' ? wait : undefined;
}
