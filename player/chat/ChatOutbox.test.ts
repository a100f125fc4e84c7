import { describe, expect, it, vi } from 'vitest';
import { ChatMessage, CodedError, UserId } from '#engine/contract';
import { ChatOutbox, notShownYet } from './ChatOutbox.ts';

const noor = UserId.parse('usr_00000000000000000001');
const mateo = UserId.parse('usr_00000000000000000002');

function messageOf(userId: UserId, number: number, text: string): ChatMessage {
  return ChatMessage.parse({ id: `msg_${String(number).padStart(20, '0')}`, userId, displayName: 'Somebody', role: 'student', text, atMs: number });
}

describe('ChatOutbox', () => {
  it('shows a message while it is sent and removes it once the server has accepted it', async () => {
    const posted = Promise.withResolvers<void>();
    const outbox = new ChatOutbox(() => posted.promise);
    const sending = outbox.send('Hello');
    expect(outbox.pending.value).toMatchObject([{ text: 'Hello', failure: undefined }]);
    posted.resolve();
    await sending;
    expect(outbox.pending.value).toEqual([]);
  });

  it('keeps a message that failed and sends it again on retry', async () => {
    const post = vi.fn<(text: string) => Promise<void>>().mockRejectedValueOnce(new Error('away')).mockResolvedValueOnce();
    const outbox = new ChatOutbox(post);
    await outbox.send('Hello');
    expect(outbox.pending.value[0]?.failure).toBeInstanceOf(Error);
    await outbox.retry(outbox.pending.value[0]?.key ?? -1);
    expect(post).toHaveBeenCalledTimes(2);
    expect(outbox.pending.value).toEqual([]);
  });

  it('blocks sending for as long as the server asks', async () => {
    const outbox = new ChatOutbox(() => Promise.reject(new CodedError('request.tooFrequent', 'slow', { details: { retryAfterMs: 4000 } })));
    const before = performance.now();
    await outbox.send('Hello');
    expect(outbox.blockedUntilMs.value).toBeGreaterThanOrEqual(before + 4000);
  });

  it('forgets a discarded message', async () => {
    const outbox = new ChatOutbox(() => Promise.reject(new Error('away')));
    await outbox.send('Hello');
    outbox.discard(outbox.pending.value[0]?.key ?? -1);
    expect(outbox.pending.value).toEqual([]);
  });

  it('holds a message that the room shows before the server answers, and does not show it twice', () => {
    const outbox = new ChatOutbox(() => new Promise(() => undefined));
    const before = [messageOf(noor, 1, 'Hello')];
    void outbox.send('Hello', before[0]?.id);
    expect(notShownYet(outbox.pending.value, before, noor)).toHaveLength(1);
    expect(notShownYet(outbox.pending.value, [...before, messageOf(mateo, 2, 'Hello')], noor)).toHaveLength(1);
    expect(notShownYet(outbox.pending.value, [...before, messageOf(noor, 3, 'Hello')], noor)).toEqual([]);
    void outbox.send('Hello', before[0]?.id);
    expect(notShownYet(outbox.pending.value, [...before, messageOf(noor, 3, 'Hello')], noor)).toHaveLength(1);
  });
});
