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
  isStandby: false,
};

describe('TrackReceiver', () => {
  let server: FakeServer;
  let receiver: TrackReceiver;

  const transport = { on: () => transport, close: () => undefined, consume: () => Promise.resolve({ track: {}, close: () => undefined }) };
  const session = () => server.session(() => transport);
  const subscriptions = () => server.count('track.subscribe');

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
    receiver = new TrackReceiver();
    server = new FakeServer((push) => {
      if (push.name === 'subscription.closed') receiver.subscriptionClosed(push.data.subscriptionId);
    });
    server.add(publication);
    receiver.setWanted([publication]);
  });
  afterEach(async () => {
    receiver.close();
    await vi.advanceTimersByTimeAsync(0);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it.each<ErrorCode>(['media.unavailable', 'publication.notFound', 'internal'])('subscribes again after %s while the track is published', async (code) => {
    server.refuse('track.subscribe', [code, code]);
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(1000);
    expect(subscriptions()).toBe(3);
    expect(receiver.tracks.value.get(publication.id)).toBeDefined();
  });

  it('retries with growing delays of at most two seconds', async () => {
    server.refuse('track.subscribe', new Array<ErrorCode>(100).fill('media.unavailable'));
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(3000);
    expect(subscriptions()).toBe(5);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(subscriptions()).toBe(15);
  });

  it('reports a track whose format the browser cannot play, and reads the formats again before each retry', async () => {
    server.refuse('track.subscribe', ['media.unsupported', 'media.unsupported', 'media.unsupported']);
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(0);
    expect(receiver.unsupported.value).toEqual(new Set());
    await vi.advanceTimersByTimeAsync(200);
    expect(receiver.unsupported.value).toEqual(new Set([publication.id]));
    expect([server.readCapabilities.mock.calls.length, subscriptions()]).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([server.readCapabilities.mock.calls.length, subscriptions()]).toEqual([3, 4]);
    expect(receiver.unsupported.value).toEqual(new Set());
    expect(receiver.tracks.value.get(publication.id)).toBeDefined();
  });

  it('subscribes on the new session if the browser can play more formats', async () => {
    server.refuse('track.subscribe', ['media.unsupported', 'media.unsupported']);
    server.readCapabilities.mockImplementation(async () => {
      if (subscriptions() === 2) receiver.attach(session());
    });
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(10_000);
    expect(subscriptions()).toBe(3);
    expect(receiver.unsupported.value).toEqual(new Set());
  });

  it('no longer reports a track that is unpublished', async () => {
    server.refuse('track.subscribe', ['media.unsupported', 'media.unsupported']);
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(200);
    receiver.setWanted([]);
    expect(receiver.unsupported.value).toEqual(new Set());
  });

  it('reports a lecture that is full, and asks again after eight to sixteen seconds until there is a place', async () => {
    server.refuse('transport.open', ['lecture.full', 'lecture.full']);
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(7999);
    expect([receiver.isFull.value, server.count('transport.open')]).toEqual([true, 1]);
    await vi.advanceTimersByTimeAsync(8001);
    expect([receiver.isFull.value, server.count('transport.open')]).toEqual([true, 2]);
    await vi.advanceTimersByTimeAsync(16_000);
    expect([receiver.isFull.value, server.count('transport.open')]).toEqual([false, 3]);
    expect(receiver.tracks.value.get(publication.id)).toBeDefined();
  });

  it('does not retry a track that is no longer wanted', async () => {
    server.refuse('track.subscribe', ['publication.notFound']);
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(100);
    receiver.setWanted([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(subscriptions()).toBe(1);
  });

  it('opens the link again when opening failed', async () => {
    server.refuse('transport.open', ['media.unavailable']);
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.requests).toEqual(['transport.open', 'transport.open', 'track.subscribe', 'subscription.setPaused']);
  });

  it('joins the room again when the transport is gone', async () => {
    server.refuse('track.subscribe', ['transport.notFound']);
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.rejoin).toHaveBeenCalledOnce();
    expect(subscriptions()).toBe(1);
  });

  it('subscribes once per link although the server closes the subscriptions of the previous link', async () => {
    for (const links of [1, 2]) {
      receiver.attach(session());
      await vi.advanceTimersByTimeAsync(10_000);
      expect(subscriptions()).toBe(links);
    }
  });

  it('subscribes again when the server closes the subscription', async () => {
    receiver.attach(session());
    await vi.advanceTimersByTimeAsync(1000);
    const { subscriptionId } = receiver.tracks.value.get(publication.id)!;
    receiver.subscriptionClosed(subscriptionId);
    await vi.advanceTimersByTimeAsync(1000);
    expect(subscriptions()).toBe(2);
  });

  it('counts a link as reachable without a connection only when nothing is wanted of it', () => {
    receiver.attach(session());
    receiver.setWanted([]);
    expect(server.reachability.recv.markReachable).not.toHaveBeenCalled();
    receiver.attach(session());
    expect(server.reachability.recv.markReachable).toHaveBeenCalledOnce();
  });

  describe('when something else goes on the air', () => {
    const program: Publication = { ...publication, id: PublicationId.parse('pub_00000000000000000002'), source: 'program' };
    const standby: Publication = { ...publication, isStandby: true };
    const shown = () => [...receiver.tracks.value.values()].map((received) => [received.publication.id, received.isEnding]);

    beforeEach(async () => {
      receiver.attach(session());
      await vi.advanceTimersByTimeAsync(100);
      server.add(program);
    });

    it('plays the earlier track until the other arrives', async () => {
      receiver.setWanted([program], [standby]);
      expect(shown()).toEqual([[publication.id, true]]);
      await vi.advanceTimersByTimeAsync(100);
      expect(shown()).toEqual([[program.id, false]]);
    });

    it('gives up the earlier track after a second, also when the other does not arrive', async () => {
      server.refuse('track.subscribe', new Array<ErrorCode>(100).fill('media.unavailable'));
      receiver.setWanted([program], [standby]);
      await vi.advanceTimersByTimeAsync(1000);
      expect(shown()).toEqual([]);
    });

    it('ends a track at once that was unpublished', () => {
      receiver.setWanted([program]);
      expect(shown()).toEqual([]);
    });
  });
});
