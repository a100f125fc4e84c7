import { signal } from '@preact/signals';
import type { ChatMessage, MessageId } from '#engine/contract';
import { background } from '../../app/background.ts';

/** Messages, and deletions of earlier ones, up to the event `lastSeq`. */
export interface ChatPage {
  messages: ChatMessage[];
  deletedIds: MessageId[];
  lastSeq: number;
  hasMore: boolean;
}

export interface ChatLogOptions {
  /** Loads the page of the chat after an event; 0 for the first page. */
  loadPage: (afterSeq: number, signal: AbortSignal) => Promise<ChatPage>;
}

const refreshMs = 10_000;

/** All messages of a lecture in order, and new ones and deletions while it is live. Owns its requests and its timer. */
export class ChatLog {
  readonly messages = signal<readonly ChatMessage[]>([]);
  /** All messages up to now are loaded. */
  readonly isComplete = signal(false);
  readonly error = signal<unknown>();
  private readonly options: ChatLogOptions;
  private readonly closing = new AbortController();
  private timer: ReturnType<typeof setInterval> | undefined;
  private loading: Promise<void> | undefined;
  private lastSeq = 0;

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

  private add({ messages, deletedIds, lastSeq }: ChatPage): void {
    this.lastSeq = lastSeq;
    if (messages.length + deletedIds.length === 0) return;
    const deleted = new Set(deletedIds);
    this.messages.value = [...this.messages.value.filter(({ id }) => !deleted.has(id)), ...messages];
  }

  private async loadRest(): Promise<void> {
    const { signal: aborted } = this.closing;
    try {
      let hasMore = true;
      while (hasMore) {
        const page = await this.options.loadPage(this.lastSeq, aborted);
        if (aborted.aborted) return;
        hasMore = page.hasMore && page.lastSeq > this.lastSeq;
        this.add(page);
      }
      this.isComplete.value = true;
      this.error.value = undefined;
    } catch (failure) {
      if (!aborted.aborted) this.error.value = failure;
    }
  }
}
