import type { ChatMessage } from '#engine/contract';

/** The position of a message in the video, in seconds. */
export function positionOf(message: Pick<ChatMessage, 'atMs'>, chatOffsetSeconds: number): number {
  return message.atMs / 1000 - chatOffsetSeconds;
}

/** The number of messages up to a position in the video. The messages are sorted by time. */
export function countUntil(messages: readonly Pick<ChatMessage, 'atMs'>[], positionSeconds: number, chatOffsetSeconds: number): number {
  const untilMs = (positionSeconds + chatOffsetSeconds) * 1000;
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const message = messages[middle];
    if (message && message.atMs <= untilMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
