import { describe, expect, it } from 'vitest';
import type { ChatMessage, MessageId } from '#engine/contract';
import type { ChatLogOptions } from '../ChatLog.ts';

/** A lecture's chat from both sides: people post and delete, and a replay loads pages. */
export interface ChatPages extends ChatLogOptions {
  post(text: string): Promise<ChatMessage>;
  delete(messageId: MessageId): Promise<void>;
}

/** What ChatLog relies on. The fake and the API pass the same suite. */
export function describeChatPages(name: string, open: (pageSize: number) => Promise<ChatPages>): void {
  const { signal } = new AbortController();
  const textsOf = ({ messages }: { messages: ChatMessage[] }) => messages.map(({ text }) => text);

  async function openWith(count: number) {
    const pages = await open(3);
    const messages: ChatMessage[] = [];
    for (let index = 0; index < count; index += 1) messages.push(await pages.post(`message ${index}`));
    const load = (after?: ChatMessage) => pages.loadPage(after?.id, signal);
    return { pages, messages, load };
  }

  describe(`the chat of a lecture, from ${name}`, () => {
    it('is empty at first', async () => {
      const { load } = await openWith(0);
      expect(await load()).toEqual({ messages: [], hasMore: false });
    });

    it('comes in pages, in the order of time', async () => {
      const { messages, load } = await openWith(5);
      expect(await load()).toEqual({ messages: messages.slice(0, 3), hasMore: true });
      expect(await load(messages[2])).toEqual({ messages: messages.slice(3), hasMore: false });
      expect(await load(messages[4])).toEqual({ messages: [], hasMore: false });
    });

    it('has no further page when the last one is full', async () => {
      const { load } = await openWith(3);
      expect(await load()).toMatchObject({ hasMore: false });
    });

    it('continues with what is posted later', async () => {
      const { pages, messages, load } = await openWith(2);
      const later = await pages.post('later');
      expect(await load(messages[1])).toEqual({ messages: [later], hasMore: false });
    });

    it('leaves out deleted messages', async () => {
      const { pages, messages, load } = await openWith(3);
      await pages.delete(messages[1]!.id);
      expect(textsOf(await load())).toEqual(['message 0', 'message 2']);
      expect(textsOf(await load(messages[0]))).toEqual(['message 2']);
    });

    it('cannot be continued after a deleted message', async () => {
      const { pages, messages, load } = await openWith(2);
      await pages.delete(messages[1]!.id);
      await expect(load(messages[1])).rejects.toMatchObject({ code: 'message.notFound', status: 404 });
    });
  });
}
