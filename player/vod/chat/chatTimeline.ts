import type { ChatMessage } from '#engine/contract';

/** Where a message lies in the video. */
export function positionOf(message: Pick<ChatMessage, 'atMs'>, chatOffsetSeconds: number): number {
  return message.atMs / 1000 - chatOffsetSeconds;
}

/** How many messages were said up to a position of the video. The messages are in their order. */
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
