import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { ChatLog } from './ChatLog.ts';
import type { ChatLogOptions } from './ChatLog.ts';
import { FakeChatPages } from './testing/FakeChatPages.ts';

let chat: FakeChatPages;
beforeEach(() => {
  chat = new FakeChatPages(10);
});

const postMany = async (count: number) => {
  for (let index = 0; index < count; index += 1) await chat.post(`message ${index}`);
};

function open(loadPage: ChatLogOptions['loadPage'] = (after) => chat.loadPage(after)): ChatLog {
  const log = new ChatLog({ loadPage });
  onTestFinished(() => log.close());
  return log;
}

/** The log of a lecture that is live, with a clock that the test moves. */
async function follow(): Promise<ChatLog> {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const log = open();
  log.follow(true);
  await vi.advanceTimersByTimeAsync(0);
  return log;
}

it('loads every page in order', async () => {
  await postMany(25);
  const loadPage = vi.spyOn(chat, 'loadPage');
  const log = open();
  await vi.waitFor(() => expect(log.isComplete.value).toBe(true));
  expect(log.messages.value).toEqual(chat.messages);
  expect(loadPage).toHaveBeenCalledTimes(3);
});

it('adds new messages while the lecture is live', async () => {
  await chat.post('1');
  const log = await follow();
  await chat.post('2');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log.messages.value.map(({ text }) => text)).toEqual(['1', '2']);
  log.follow(false);
  await chat.post('3');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log.messages.value).toHaveLength(2);
});

it('adds new messages after the newest one was deleted', async () => {
  await chat.post('1');
  const { id } = await chat.post('2');
  const log = await follow();
  await chat.delete(id);
  await chat.post('3');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log.messages.value.map(({ text }) => text)).toEqual(['1', '3']);
});

it('removes a message that is deleted after it was loaded', async () => {
  const { id } = await chat.post('1');
  await chat.post('2');
  const log = await follow();
  await chat.delete(id);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log.messages.value.map(({ text }) => text)).toEqual(['2']);
});

it('keeps the loaded messages when a page fails, and continues from there', async () => {
  await postMany(15);
  let isUnavailable = true;
  const log = open(async (after) => {
    if (after > 0 && isUnavailable) throw new Error('unavailable');
    return chat.loadPage(after);
  });
  await vi.waitFor(() => expect(log.error.value).toBeDefined());
  expect(log.messages.value).toHaveLength(10);
  isUnavailable = false;
  log.load();
  await vi.waitFor(() => expect(log.isComplete.value).toBe(true));
  expect(log.messages.value).toEqual(chat.messages);
  expect(log.error.value).toBeUndefined();
});
