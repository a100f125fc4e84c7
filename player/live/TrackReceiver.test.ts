import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ParticipantId, PublicationId } from '#engine/contract';
import type { ErrorCode, Publication } from '#engine/contract';
import { FakeServer } from './testing/FakeServer.ts';
import { TrackReceiver } from './TrackReceiver.ts';

const publication: Publication = {
  id: PublicationId.parse('pub_00000000000000000001'),
  participantId: ParticipantId.parse('prt_00000000000000000001'),
  source: 'camera',
  kind: 'video',
  isPaused: false,
  isSimulcast: false,
};

describe('the tracks a page takes', () => {
  let server: FakeServer;
  let receiver: TrackReceiver;

  const transport = { on: () => transport, close: () => undefined, consume: () => Promise.resolve({ track: {}, close: () => undefined }) };
  const stay = () => server.stay(() => transport);
  const subscriptions = () => server.times('track.subscribe');

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
    receiver = new TrackReceiver();
    server = new FakeServer((push) => {
      if (push.name === 'subscription.closed') receiver.subscriptionClosed(push.data.subscriptionId);
    });
    server.add(publication);
    receiver.want([publication]);
  });
  afterEach(async () => {
    receiver.close();
    await vi.advanceTimersByTimeAsync(0);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it.each<ErrorCode>(['media.unavailable', 'publication.notFound', 'internal'])('are asked for again while they are on offer, after %s', async (code) => {
    server.refuse('track.subscribe', [code, code]);
    receiver.attach(stay());
    await vi.advanceTimersByTimeAsync(1000);
    expect(subscriptions()).toBe(3);
    expect(receiver.tracks.value.get(publication.id)).toBeDefined();
  });

  it('are asked for less and less often, at the least every two seconds', async () => {
    server.refuse('track.subscribe', new Array<ErrorCode>(100).fill('media.unavailable'));
    receiver.attach(stay());
    await vi.advanceTimersByTimeAsync(3000);
    expect(subscriptions()).toBe(5);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(subscriptions()).toBe(15);
  });

  it('are not asked for once they are off the list', async () => {
    server.refuse('track.subscribe', ['publication.notFound']);
    receiver.attach(stay());
    await vi.advanceTimersByTimeAsync(100);
    receiver.want([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(subscriptions()).toBe(1);
  });

  it('come over a link that is asked for again when it could not be opened', async () => {
    server.refuse('transport.open', ['media.unavailable']);
    receiver.attach(stay());
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.asked).toEqual(['transport.open', 'transport.open', 'track.subscribe', 'subscription.setPaused']);
  });

  it('make the page enter anew when its transport is gone', async () => {
    server.refuse('track.subscribe', ['transport.notFound']);
    receiver.attach(stay());
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.rejoin).toHaveBeenCalledOnce();
    expect(subscriptions()).toBe(1);
  });

  it('are taken once over each link, although the server ends what an earlier link had', async () => {
    for (const links of [1, 2]) {
      receiver.attach(stay());
      await vi.advanceTimersByTimeAsync(10_000);
      expect(subscriptions()).toBe(links);
    }
  });

  it('are taken again when the server ends them', async () => {
    receiver.attach(stay());
    await vi.advanceTimersByTimeAsync(1000);
    const { subscriptionId } = receiver.tracks.value.get(publication.id)!;
    receiver.subscriptionClosed(subscriptionId);
    await vi.advanceTimersByTimeAsync(1000);
    expect(subscriptions()).toBe(2);
  });

  it('keep their link from being taken for one that gets through until it is another, and nothing is wanted of that', () => {
    receiver.attach(stay());
    receiver.want([]);
    expect(server.reach.recv.clear).not.toHaveBeenCalled();
    receiver.attach(stay());
    expect(server.reach.recv.clear).toHaveBeenCalledOnce();
  });
});
