import { signal } from '@preact/signals';
import { isCoded } from '#engine/contract';
import type { ChatMessage, UserId } from '#engine/contract';

export interface PendingMessage {
  key: number;
  text: string;
  /** The newest message that the room showed when this one was written. */
  afterId: string | undefined;
  /** Why sending failed; undefined while the message is being sent. */
  failure: unknown;
}

/**
 * Holds the user's messages until the server has accepted them. They are shown immediately; a failed one can be sent
 * again. Owns only its list.
 */
export class ChatOutbox {
  readonly pending = signal<readonly PendingMessage[]>([]);
  /** The time (`performance.now()`) until which the server refuses another message. */
  readonly blockedUntilMs = signal(0);
  private readonly post: (text: string) => Promise<void>;
  private lastKey = 0;

  constructor(post: (text: string) => Promise<void>) {
    this.post = post;
  }

  async send(text: string, afterId?: string): Promise<void> {
    this.lastKey += 1;
    const message: PendingMessage = { key: this.lastKey, text, afterId, failure: undefined };
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

/** The messages that the room does not show yet. It may show one before the server answers its author, or without an answer. */
export function notShownYet(pending: readonly PendingMessage[], chat: readonly ChatMessage[], self: UserId): PendingMessage[] {
  const matched = new Set<string>();
  return pending.filter(({ text, afterId }) => {
    const newer = chat.slice(chat.findIndex(({ id }) => id === afterId) + 1);
    const shown = newer.find((message) => message.userId === self && message.text === text && !matched.has(message.id));
    if (shown) matched.add(shown.id);
    return !shown;
  });
}

function retryAfterMsOf(failure: unknown): number | undefined {
  if (!isCoded(failure)) return undefined;
  const wait = failure.details?.retryAfterMs;
  return typeof wait === 'number' ? wait : undefined;
}
