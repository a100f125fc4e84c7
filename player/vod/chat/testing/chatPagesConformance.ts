import { describe, expect, it } from 'vitest';
import type { ChatMessage, MessageId } from '#engine/contract';
import type { ChatLogOptions, ChatPage } from '../ChatLog.ts';

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
    const load = (earlier?: ChatPage) => pages.loadPage(earlier?.lastSeq ?? 0, signal);
    return { pages, messages, load };
  }

  describe(`the chat of a lecture, from ${name}`, () => {
    it('is empty at first', async () => {
      const { load } = await openWith(0);
      expect(await load()).toEqual({ messages: [], deletedIds: [], lastSeq: 0, hasMore: false });
    });

    it('comes in pages, in the order of time', async () => {
      const { messages, load } = await openWith(5);
      const first = await load();
      expect(first).toMatchObject({ messages: messages.slice(0, 3), hasMore: true });
      const second = await load(first);
      expect(second).toMatchObject({ messages: messages.slice(3), hasMore: false });
      expect(await load(second)).toEqual({ messages: [], deletedIds: [], lastSeq: second.lastSeq, hasMore: false });
    });

    it('has no further page when the last one is full', async () => {
      const { load } = await openWith(3);
      expect(await load()).toMatchObject({ hasMore: false });
    });

    it('continues with what is posted later', async () => {
      const { pages, load } = await openWith(2);
      const first = await load();
      const later = await pages.post('later');
      expect(await load(first)).toMatchObject({ messages: [later], deletedIds: [], hasMore: false });
    });

    it('leaves out deleted messages', async () => {
      const { pages, messages, load } = await openWith(3);
      await pages.delete(messages[1]!.id);
      expect(await load()).toMatchObject({ messages: [messages[0], messages[2]], deletedIds: [] });
    });

    it('continues after a deleted message, and names it', async () => {
      const { pages, messages, load } = await openWith(2);
      const first = await load();
      await pages.delete(messages[1]!.id);
      const later = await pages.post('later');
      const second = await load(first);
      expect(second).toMatchObject({ messages: [later], deletedIds: [messages[1]!.id], hasMore: false });
      expect(await load(second)).toMatchObject({ messages: [], deletedIds: [] });
    });

    it('names no message that was posted and deleted since', async () => {
      const { pages, load } = await openWith(1);
      const first = await load();
      await pages.delete((await pages.post('spam')).id);
      expect(await load(first)).toMatchObject({ messages: [], deletedIds: [], hasMore: false });
    });

    it('counts deletions in the size of a page', async () => {
      const { pages, messages, load } = await openWith(3);
      const first = await load();
      for (const { id } of messages) await pages.delete(id);
      await pages.post('later');
      const second = await load(first);
      expect(second).toMatchObject({ messages: [], deletedIds: messages.map(({ id }) => id), hasMore: true });
      const third = await load(second);
      expect([textsOf(third), third.hasMore]).toEqual([['later'], false]);
    });
  });
}
