import { ChatMessage, MessageId } from '#engine/contract';
import type { ChatPage } from '../ChatLog.ts';
import type { ChatPages } from './chatPagesConformance.ts';

/** An event of the chat. A deleted message stays as its number alone. */
interface ChatEvent {
  seq: number;
  message?: ChatMessage;
  deletion?: { messageId: MessageId; postedSeq: number };
}

/** The chat of a lecture in memory, in pages as `getLectureChat` returns them. */
export class FakeChatPages implements ChatPages {
  readonly #pageSize: number;
  readonly #events: ChatEvent[] = [];

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  get messages(): readonly ChatMessage[] {
    return this.#events.flatMap(({ message }) => message ?? []);
  }

  async post(text: string): Promise<ChatMessage> {
    const seq = this.#events.length + 1;
    const id = MessageId.parse(`msg_${String(seq).padStart(20, '0')}`);
    const message = ChatMessage.parse({ id, userId: 'usr_00000000000000000001', displayName: 'Ada', role: 'student', text, atMs: seq * 1000 });
    this.#events.push({ seq, message });
    return message;
  }

  async delete(messageId: MessageId): Promise<void> {
    const posted = this.#events.find(({ message }) => message?.id === messageId);
    if (!posted) return;
    delete posted.message;
    this.#events.push({ seq: this.#events.length + 1, deletion: { messageId, postedSeq: posted.seq } });
  }

  async loadPage(afterSeq: number): Promise<ChatPage> {
    const news = this.#events.filter(({ seq, message, deletion }) => seq > afterSeq && (message || (deletion && deletion.postedSeq <= afterSeq)));
    const page = news.slice(0, this.#pageSize);
    const hasMore = news.length > page.length;
    return {
      messages: page.flatMap(({ message }) => message ?? []),
      deletedIds: page.flatMap(({ deletion }) => deletion?.messageId ?? []),
      lastSeq: hasMore ? (page.at(-1)?.seq ?? afterSeq) : this.#events.length,
      hasMore,
    };
  }
}
