import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isCoded } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { FakeServer } from './testing/FakeServer.ts';
import { TrackPublisher } from './TrackPublisher.ts';

describe('TrackPublisher', () => {
  const live = (): MediaStreamTrack => ({ enabled: true, readyState: 'live' }) as MediaStreamTrack;
  let server: FakeServer;
  let publisher: TrackPublisher;

  interface ProduceOptions {
    track: MediaStreamTrack;
    appData: { source: string };
  }
  const newProducer = (first: MediaStreamTrack) => {
    const replaceTrack = async ({ track }: { track: MediaStreamTrack }) => {
      await server.request('replaceTrack');
      producer.track = track;
    };
    const producer = { track: first, pause: () => undefined, resume: () => undefined, close: () => undefined, replaceTrack };
    return producer;
  };
  /** Behaves like mediasoup-client's: connects with the first track, cannot produce after a failed connect, and rejects pending calls when it is closed. */
  const newTransport = () => {
    const [listeners, state] = [new Map<string, (...parameters: unknown[]) => void>(), { isConnected: false, hasFailed: false }];
    const waiting = new Set<(error: Error) => void>();
    const connect = () =>
      new Promise<void>((done, failed) => {
        state.hasFailed = true;
        listeners.get('connect')?.({}, done, failed);
      });
    const produceNow = async ({ track, appData }: ProduceOptions) => {
      if (state.hasFailed && !state.isConnected) throw new Error('as many m-lines as in the offer are wanted');
      if (!state.isConnected) await connect();
      state.isConnected = true;
      await server.request(`track.publish of ${appData.source}`);
      await new Promise<void>((done, failed) => listeners.get('produce')?.({ kind: 'video', rtpParameters: {}, appData }, done, failed));
      return newProducer(track);
    };
    const produce = (options: ProduceOptions) =>
      new Promise((done, failed) => {
        waiting.add(failed);
        produceNow(options).then(done, failed);
      });
    const close = () => waiting.forEach((failed) => failed(new Error('queue stopped')));
    const transport = { on: (name: string, listener: () => void) => (listeners.set(name, listener), transport), close, produce };
    return transport;
  };
  const session = () => server.session(newTransport);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
    server = new FakeServer();
    publisher = new TrackPublisher();
    publisher.publish('camera', live());
  });
  afterEach(async () => {
    publisher.close();
    await vi.advanceTimersByTimeAsync(0);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('has the sources that someone else took over, until they are unpublished', async () => {
    publisher.publish('screen', live());
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(0);
    const [camera, screen] = (['camera', 'screen'] as const).map((source) => server.own().find((each) => each.source === source));
    if (!camera || !screen) throw new Error('expected two publications');
    publisher.publicationChanged({ ...camera, isStandby: true });
    publisher.publicationChanged({ ...screen, isPaused: true });
    expect(publisher.takenOver.value).toEqual(new Set(['camera']));
    publisher.unpublish('camera');
    expect(publisher.takenOver.value).toEqual(new Set());
  });

  it('pauses a camera that is turned off before it ends, and also ends one that cannot be paused', async () => {
    for (const refusals of [[], ['internal'] as const]) {
      publisher.publish('camera', live());
      publisher.attach(session());
      await vi.advanceTimersByTimeAsync(0);
      server.requests.length = 0;
      server.refuse('track.setPaused', refusals);
      publisher.unpublish('camera', { isOff: true });
      await vi.advanceTimersByTimeAsync(0);
      expect(server.requests).toEqual(['track.setPaused', 'track.unpublish']);
      expect(publisher.problem.value).toBeUndefined();
    }
  });

  it('takes over nothing from a source that has never been on the air', async () => {
    server.onStandby();
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(0);
    const [camera] = server.own();
    if (!camera) throw new Error('expected a publication');
    publisher.publicationChanged({ ...camera, isPaused: true });
    expect(publisher.takenOver.value).toEqual(new Set());
  });

  it.each(['transport.open', 'transport.connect', 'track.publish'])('publishes again after %s failed temporarily, and clears the problem', async (name) => {
    server.refuse(name, ['media.unavailable', 'internal']);
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(0);
    expect(isCoded(publisher.problem.value, 'media.unavailable')).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.count(name)).toBe(3);
    expect(publisher.sending.value.has('camera')).toBe(true);
    expect(publisher.problem.value).toBeUndefined();
  });

  it.each<[string, ErrorCode]>([
    ['track.publish', 'access.denied'],
    ['transport.connect', 'participant.removed'],
    ['transport.connect', 'lecture.ended'],
  ])('does not retry after %s failed with %s, and exposes the problem', async (name, code) => {
    server.refuse(name, [code]);
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.count(name)).toBe(1);
    expect(isCoded(publisher.problem.value, code)).toBe(true);
  });

  it('keeps the problems of two tracks apart', async () => {
    server.refuse('track.publish of camera', ['access.denied']);
    publisher.publish('microphone', live());
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(100);
    expect([...publisher.sending.value]).toEqual(['microphone']);
    expect(isCoded(publisher.problem.value, 'access.denied')).toBe(true);
    publisher.unpublish('camera');
    await vi.advanceTimersByTimeAsync(100);
    expect(publisher.problem.value).toBeUndefined();
  });

  it('publishes again when another device replaces a refused one', async () => {
    server.refuse('track.publish', ['media.unsupported']);
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(100);
    expect(publisher.sending.value.size).toBe(0);
    publisher.publish('camera', live());
    await vi.advanceTimersByTimeAsync(100);
    expect([...publisher.sending.value]).toEqual(['camera']);
    expect(publisher.problem.value).toBeUndefined();
  });

  it('has a problem while a track could not be replaced, until the replacement succeeds', async () => {
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(100);
    server.refuse('replaceTrack', ['media.unavailable']);
    const other = live();
    publisher.publish('camera', other);
    await vi.advanceTimersByTimeAsync(100);
    expect(isCoded(publisher.problem.value, 'media.unavailable')).toBe(true);
    publisher.setPaused('camera', true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(isCoded(publisher.problem.value, 'media.unavailable')).toBe(true);
    publisher.publish('camera', other);
    publisher.publish('camera', other);
    await vi.advanceTimersByTimeAsync(100);
    expect(publisher.problem.value).toBeUndefined();
    expect(server.count('replaceTrack')).toBe(2);
  });

  it('does not retry a track that was unpublished meanwhile', async () => {
    server.refuse('transport.open', ['media.unavailable']);
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(0);
    publisher.unpublish('camera');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.count('transport.open')).toBe(1);
  });

  it.each(['transport.open', 'transport.connect', 'track.publish'])('leaves nothing in the room when a track is unpublished during the first %s', async (name) => {
    server.during(name, () => publisher.unpublish('camera'));
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(publisher.sending.value.size).toBe(0);
    expect(server.count('track.publish')).toBe(name === 'transport.open' ? 0 : 1);
    expect(server.count('track.unpublish')).toBe(server.count('track.publish'));
  });

  it('retries an unpublish that failed temporarily', async () => {
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(0);
    server.refuse('track.unpublish', ['request.tooFrequent', 'media.unavailable', 'publication.notFound']);
    publisher.unpublish('camera');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.count('track.unpublish')).toBe(3);
  });

  it('publishes a track that was unpublished and published again during the first connection', async () => {
    server.during('transport.connect', () => {
      publisher.unpublish('camera');
      publisher.publish('camera', live());
    });
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.requests.filter((name) => name.endsWith('publish'))).toEqual(['track.publish', 'track.unpublish', 'track.publish']);
    expect([...publisher.sending.value]).toEqual(['camera']);
  });

  it.each(['transport.connect', 'track.publish'])('joins the room again when the server does not know the transport at %s', async (name) => {
    server.refuse(name, ['transport.notFound']);
    publisher.attach(session());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.rejoin).toHaveBeenCalledTimes(1);
    expect(server.count(name)).toBe(1);
  });
});
