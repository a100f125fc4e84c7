import { ApiError } from '#api/contract';
import { ChatMessage, MessageId } from '#engine/contract';
import type { ChatPages } from './chatPagesConformance.ts';

/** The chat of a lecture in memory, in pages as `getLectureChat` returns them. */
export class FakeChatPages implements ChatPages {
  readonly #pageSize: number;
  #messages: ChatMessage[] = [];
  #count = 0;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  async post(text: string): Promise<ChatMessage> {
    this.#count += 1;
    const id = MessageId.parse(`msg_${String(this.#count).padStart(20, '0')}`);
    const message = ChatMessage.parse({ id, userId: 'usr_00000000000000000001', displayName: 'Ada', role: 'student', text, atMs: this.#count * 1000 });
    this.#messages = [...this.#messages, message];
    return message;
  }

  async delete(messageId: MessageId): Promise<void> {
    this.#messages = this.#messages.filter(({ id }) => id !== messageId);
  }

  async loadPage(after: MessageId | undefined): Promise<{ messages: ChatMessage[]; hasMore: boolean }> {
    const from = after === undefined ? 0 : this.#messages.findIndex(({ id }) => id === after) + 1;
    if (after !== undefined && from === 0) throw notFound();
    return { messages: this.#messages.slice(from, from + this.#pageSize), hasMore: this.#messages.length > from + this.#pageSize };
  }
}

function notFound(): ApiError {
  const code = 'message.notFound';
  return new ApiError({ type: `urn:lectern:problem:${code}`, title: code, status: 404, detail: code, code, instance: '' });
}
