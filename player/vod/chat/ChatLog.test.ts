import { expect, it, vi } from 'vitest';
import { ChatMessage, MessageId } from '#engine/contract';
import { ChatLog } from './ChatLog.ts';

function message(index: number): ChatMessage {
  const id = MessageId.parse(`msg_${String(index).padStart(20, '0')}`);
  return ChatMessage.parse({ id, userId: 'usr_00000000000000000001', displayName: 'Ada', role: 'student', text: `${index}`, atMs: index * 1000 });
}

function pagesOf(all: ChatMessage[], size: number) {
  return vi.fn(async (after: MessageId | undefined) => {
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return { messages: all.slice(from, from + size), hasMore: all.length > from + size };
  });
}

it('loads every page in order', async () => {
  const all = Array.from({ length: 25 }, (_, index) => message(index));
  const loadPage = pagesOf(all, 10);
  const log = new ChatLog({ loadPage });
  await vi.waitFor(() => expect(log.isComplete.value).toBe(true));
  expect(log.messages.value).toEqual(all);
  expect(loadPage).toHaveBeenCalledTimes(3);
  log.close();
});

it('adds new messages while the lecture is live', async () => {
  vi.useFakeTimers();
  try {
    const all = [message(1)];
    const log = new ChatLog({ loadPage: pagesOf(all, 10) });
    log.follow(true);
    await vi.advanceTimersByTimeAsync(0);
    all.push(message(2));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log.messages.value.map(({ text }) => text)).toEqual(['1', '2']);
    log.follow(false);
    all.push(message(3));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log.messages.value).toHaveLength(2);
    log.close();
  } finally {
    vi.useRealTimers();
  }
});

it('keeps the loaded messages when a page fails, and continues from there', async () => {
  const all = Array.from({ length: 15 }, (_, index) => message(index));
  const pages = pagesOf(all, 10);
  let isAway = false;
  const log = new ChatLog({
    loadPage: async (after) => {
      if (after !== undefined && !isAway) {
        isAway = true;
        throw new Error('away');
      }
      return pages(after);
    },
  });
  await vi.waitFor(() => expect(log.error.value).toBeDefined());
  expect(log.messages.value).toHaveLength(10);
  log.load();
  await vi.waitFor(() => expect(log.isComplete.value).toBe(true));
  expect(log.messages.value).toEqual(all);
  expect(log.error.value).toBeUndefined();
  log.close();
});
