import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CodedError, isCoded } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import type { Stay } from './MediaLink.ts';
import { TrackPublisher } from './TrackPublisher.ts';

describe('the tracks a page sends', () => {
  const asked: string[] = [];
  const refusals = new Map<string, ErrorCode[]>();
  const rejoin = vi.fn<() => void>();
  const live = (): MediaStreamTrack => ({ enabled: true, readyState: 'live' }) as MediaStreamTrack;
  let publisher: TrackPublisher;

  /** A stay whose server answers everything it does not refuse. */
  const stay = (): Stay => {
    const request = (name: string) => {
      asked.push(name);
      const refusal = refusals.get(name)?.shift();
      return refusal ? Promise.reject(new CodedError(refusal, 'refused')) : Promise.resolve({ transportId: 'tra_1', parameters: {} });
    };
    return { signaling: { request }, device: { sendRtpCapabilities: {}, createSendTransport: () => fakeTransport(request) }, iceServers: [], rejoin } as unknown as Stay;
  };
  /** As mediasoup-client's: connects with the first track, and produces nothing more where that has failed. */
  const fakeTransport = (request: (name: string) => Promise<unknown>) => {
    const [heard, state] = [new Map<string, (...parameters: unknown[]) => void>(), { isConnected: false, hasFailed: false }];
    const connect = () =>
      new Promise<void>((done, failed) => {
        state.hasFailed = true;
        heard.get('connect')?.({}, done, failed);
      });
    const produce = async ({ appData }: { appData: { source: string } }) => {
      if (state.hasFailed && !state.isConnected) throw new Error('as many m-lines as in the offer are wanted');
      if (!state.isConnected) await connect();
      state.isConnected = true;
      await request('track.publish');
      await request(`track.publish of ${appData.source}`);
      return { pause: () => undefined, replaceTrack: () => Promise.resolve() };
    };
    const transport = { on: (name: string, listener: () => void) => (heard.set(name, listener), transport), close: () => undefined, produce };
    return transport;
  };
  const times = (name: string) => asked.filter((one) => one === name).length;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
    asked.length = 0;
    refusals.clear();
    rejoin.mockReset();
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
    refusals.set(name, ['media.unavailable', 'internal']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(0);
    expect(isCoded(publisher.problem.value, 'media.unavailable')).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(times(name)).toBe(3);
    expect(publisher.sending.value.has('camera')).toBe(true);
    expect(publisher.problem.value).toBeUndefined();
  });

  it('are not offered again where that is no use, and the page can say why', async () => {
    refusals.set('track.publish', ['access.denied']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(times('track.publish')).toBe(1);
    expect(isCoded(publisher.problem.value, 'access.denied')).toBe(true);
  });

  it('are refused each for itself: what became of another says nothing', async () => {
    refusals.set('track.publish of camera', ['access.denied']);
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
    refusals.set('track.publish', ['media.unsupported']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(100);
    expect(publisher.sending.value.size).toBe(0);
    publisher.offer('camera', live());
    await vi.advanceTimersByTimeAsync(100);
    expect([...publisher.sending.value]).toEqual(['camera']);
    expect(publisher.problem.value).toBeUndefined();
  });

  it('are not offered again when they were withdrawn meanwhile', async () => {
    refusals.set('transport.open', ['media.unavailable']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(0);
    publisher.withdraw('camera');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(times('transport.open')).toBe(1);
  });

  it('enter the room anew when the server does not know their connection', async () => {
    refusals.set('track.publish', ['transport.notFound']);
    publisher.attach(stay());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rejoin).toHaveBeenCalledTimes(1);
    expect(times('track.publish')).toBe(1);
  });
});
