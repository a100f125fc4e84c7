import { describe, expect, it, vi } from 'vitest';
import { CodedError } from '#engine/contract';
import { ChatOutbox } from './ChatOutbox.ts';

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
});
