import { signal } from '@preact/signals';
import type { ChatMessage, MessageId } from '#engine/contract';
import { background } from '../../app/background.ts';

export interface ChatLogOptions {
  /** Loads the page of the chat after a message. */
  loadPage: (after: MessageId | undefined, signal: AbortSignal) => Promise<{ messages: ChatMessage[]; hasMore: boolean }>;
}

const refreshMs = 10_000;

/** All messages of a lecture in order, and new ones while it is live. Owns its requests and its timer. */
export class ChatLog {
  readonly messages = signal<readonly ChatMessage[]>([]);
  /** All messages up to now are loaded. */
  readonly isComplete = signal(false);
  readonly error = signal<unknown>();
  private readonly options: ChatLogOptions;
  private readonly closing = new AbortController();
  private timer: ReturnType<typeof setInterval> | undefined;
  private loading: Promise<void> | undefined;

  constructor(options: ChatLogOptions) {
    this.options = options;
    this.load();
  }

  load(): void {
    this.loading ??= this.loadRest().finally(() => {
      this.loading = undefined;
    });
    background(this.loading);
  }

  /** Loads new messages at an interval while the lecture is live. */
  follow(isGrowing: boolean): void {
    clearInterval(this.timer);
    if (isGrowing) this.timer = setInterval(() => this.load(), refreshMs);
  }

  close(): void {
    clearInterval(this.timer);
    this.closing.abort();
  }

  private async loadRest(): Promise<void> {
    const { signal: aborted } = this.closing;
    try {
      let hasMore = true;
      while (hasMore) {
        const page = await this.options.loadPage(this.messages.value.at(-1)?.id, aborted);
        if (aborted.aborted) return;
        if (page.messages.length > 0) this.messages.value = [...this.messages.value, ...page.messages];
        hasMore = page.hasMore && page.messages.length > 0;
      }
      this.isComplete.value = true;
      this.error.value = undefined;
    } catch (failure) {
      if (!aborted.aborted) this.error.value = failure;
    }
  }
}
