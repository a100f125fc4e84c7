import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isCoded } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { FakeServer } from './testing/FakeServer.ts';
import { TrackPublisher } from './TrackPublisher.ts';

describe('the tracks a page sends', () => {
  const live = (): MediaStreamTrack => ({ enabled: true, readyState: 'live' }) as MediaStreamTrack;
  let server: FakeServer;
  let publisher: TrackPublisher;

  interface Produced {
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
  /** As mediasoup-client's: connects with the first track, produces nothing more where that has failed, and rejects what waits when it is closed. */
  const newTransport = () => {
    const [heard, state] = [new Map<string, (...parameters: unknown[]) => void>(), { isConnected: false, hasFailed: false }];
    const waiting = new Set<(error: Error) => void>();
    const connect = () =>
      new Promise<void>((done, failed) => {
        state.hasFailed = true;
        heard.get('connect')?.({}, done, failed);
      });
    const produceNow = async ({ track, appData }: Produced) => {
      if (state.hasFailed && !state.isConnected) throw new Error('as many m-lines as in the offer are wanted');
      if (!state.isConnected) await connect();
      state.isConnected = true;
      await server.request(`track.publish of ${appData.source}`);
      await new Promise<void>((done, failed) => heard.get('produce')?.({ kind: 'video', rtpParameters: {}, appData }, done, failed));
      return newProducer(track);
    };
    const produce = (options: Produced) =>
      new Promise((done, failed) => {
        waiting.add(failed);
        produceNow(options).then(done, failed);
      });
    const close = () => waiting.forEach((failed) => failed(new Error('queue stopped')));
    const transport = { on: (name: string, listener: () => void) => (heard.set(name, listener), transport), close, produce };
    return transport;
  };
  const stay = () => server.stay(newTransport);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
    server = new FakeServer();
    publisher = new TrackPublisher();
    publisher.offer('camera', live());
  });
  afterEach(async () => {
    publisher.close();
    await vi.advanceTimersByTimeAsync(0);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it.each(['transport.open', 'transport.connect', 'track.publish'])('are offered again when %s was refused for the moment, and the problem is gone then', async (name) => {
    server.refuse(name, ['media.unavailable', 'internal']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(0);
    expect(isCoded(publisher.problem.value, 'media.unavailable')).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.times(name)).toBe(3);
    expect(publisher.sending.value.has('camera')).toBe(true);
    expect(publisher.problem.value).toBeUndefined();
  });

  it.each<[string, ErrorCode]>([
    ['track.publish', 'access.denied'],
    ['transport.connect', 'participant.removed'],
    ['transport.connect', 'lecture.ended'],
  ])('are not offered again where that is no use, and the page can say why, after %s was refused with %s', async (name, code) => {
    server.refuse(name, [code]);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.times(name)).toBe(1);
    expect(isCoded(publisher.problem.value, code)).toBe(true);
  });

  it('are refused each for itself: what became of another says nothing', async () => {
    server.refuse('track.publish of camera', ['access.denied']);
    publisher.offer('microphone', live());
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(100);
    expect([...publisher.sending.value]).toEqual(['microphone']);
    expect(isCoded(publisher.problem.value, 'access.denied')).toBe(true);
    publisher.withdraw('camera');
    await vi.advanceTimersByTimeAsync(100);
    expect(publisher.problem.value).toBeUndefined();
  });

  it('are offered again when another device takes the place of one that was refused', async () => {
    server.refuse('track.publish', ['media.unsupported']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(100);
    expect(publisher.sending.value.size).toBe(0);
    publisher.offer('camera', live());
    await vi.advanceTimersByTimeAsync(100);
    expect([...publisher.sending.value]).toEqual(['camera']);
    expect(publisher.problem.value).toBeUndefined();
  });

  it('have a problem while another device could not take the place of the one that is sent, until it has', async () => {
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(100);
    server.refuse('replaceTrack', ['media.unavailable']);
    const other = live();
    publisher.offer('camera', other);
    await vi.advanceTimersByTimeAsync(100);
    expect(isCoded(publisher.problem.value, 'media.unavailable')).toBe(true);
    publisher.setPaused('camera', true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(isCoded(publisher.problem.value, 'media.unavailable')).toBe(true);
    publisher.offer('camera', other);
    publisher.offer('camera', other);
    await vi.advanceTimersByTimeAsync(100);
    expect(publisher.problem.value).toBeUndefined();
    expect(server.times('replaceTrack')).toBe(2);
  });

  it('are not offered again when they were withdrawn meanwhile', async () => {
    server.refuse('transport.open', ['media.unavailable']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(0);
    publisher.withdraw('camera');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.times('transport.open')).toBe(1);
  });

  it.each(['transport.open', 'transport.connect', 'track.publish'])('leave nothing in the room when they are withdrawn during the first %s', async (name) => {
    server.meanwhile(name, () => publisher.withdraw('camera'));
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(publisher.sending.value.size).toBe(0);
    expect(server.times('track.publish')).toBe(name === 'transport.open' ? 0 : 1);
    expect(server.times('track.unpublish')).toBe(server.times('track.publish'));
  });

  it('are taken back again when that was refused for the moment', async () => {
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(0);
    server.refuse('track.unpublish', ['request.tooFrequent', 'media.unavailable', 'publication.notFound']);
    publisher.withdraw('camera');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.times('track.unpublish')).toBe(3);
  });

  it('stay in the room when they are withdrawn and offered again during the first connection', async () => {
    server.meanwhile('transport.connect', () => {
      publisher.withdraw('camera');
      publisher.offer('camera', live());
    });
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.asked.filter((name) => name.endsWith('publish'))).toEqual(['track.publish', 'track.unpublish', 'track.publish']);
    expect([...publisher.sending.value]).toEqual(['camera']);
  });

  it.each(['transport.connect', 'track.publish'])('enter the room anew when the server does not know their connection at %s', async (name) => {
    server.refuse(name, ['transport.notFound']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.rejoin).toHaveBeenCalledTimes(1);
    expect(server.times(name)).toBe(1);
  });
});
