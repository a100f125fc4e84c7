import { describe, expect, it, vi } from 'vitest';
import { levelOf } from './LevelMeter.ts';
import { LocalSource } from './LocalSource.ts';

class FakeTrack extends EventTarget {
  stop = vi.fn<() => void>();
  readonly deviceId: string;

  constructor(deviceId: string) {
    super();
    this.deviceId = deviceId;
  }

  getSettings() {
    return { deviceId: this.deviceId };
  }
}

const asTrack = (track: FakeTrack): MediaStreamTrack => Object.assign(track, {} as MediaStreamTrack);

describe('LocalSource', () => {
  it('keeps the earlier device running until the new one runs', async () => {
    const first = new FakeTrack('a');
    const second = new FakeTrack('b');
    const opened = Promise.withResolvers<MediaStreamTrack>();
    const open = vi.fn<(deviceId?: string) => Promise<MediaStreamTrack>>().mockResolvedValueOnce(asTrack(first)).mockReturnValueOnce(opened.promise);
    const source = new LocalSource(open);
    await source.start();
    const changing = source.start('b');
    expect(source.state.value).toMatchObject({ status: 'on', deviceId: 'a', isChanging: true });
    opened.resolve(asTrack(second));
    await changing;
    expect(first.stop).toHaveBeenCalledOnce();
    expect(source.state.value).toMatchObject({ status: 'on', deviceId: 'b', isChanging: false });
  });

  it('closes the earlier device first if two cannot be open at once', async () => {
    const first = new FakeTrack('a');
    const second = new FakeTrack('b');
    const open = vi
      .fn<(deviceId?: string) => Promise<MediaStreamTrack>>()
      .mockResolvedValueOnce(asTrack(first))
      .mockRejectedValueOnce(new DOMException('in use', 'NotReadableError'))
      .mockResolvedValueOnce(asTrack(second));
    const source = new LocalSource(open);
    await source.start();
    await source.start('b');
    expect(source.state.value).toMatchObject({ status: 'on', deviceId: 'b' });
  });

  it('reports why a device did not start', async () => {
    const failing = (name: string) => new LocalSource(() => Promise.reject(new DOMException('no', name)));
    const problems = [];
    for (const name of ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'OverconstrainedError', 'Odd']) {
      const source = failing(name);
      await source.start();
      problems.push(source.state.value);
    }
    expect(problems).toEqual(['denied', 'missing', 'busy', 'overconstrained', 'unknown'].map((problem) => ({ status: 'failed', problem })));
  });

  it('treats a closed screen picker as off', async () => {
    const source = new LocalSource(() => Promise.reject(new DOMException('no', 'NotAllowedError')));
    await source.startUnlessDeclined();
    expect(source.state.value).toEqual({ status: 'off' });
  });

  it('is off when the browser ends the track', async () => {
    const track = new FakeTrack('a');
    const source = new LocalSource(() => Promise.resolve(asTrack(track)));
    await source.start();
    track.dispatchEvent(new Event('ended'));
    expect(source.state.value).toEqual({ status: 'off' });
  });

  it('closes a device that opens after the source was stopped', async () => {
    const track = new FakeTrack('a');
    const opened = Promise.withResolvers<MediaStreamTrack>();
    const source = new LocalSource(() => opened.promise);
    const starting = source.start();
    source.stop();
    opened.resolve(asTrack(track));
    await starting;
    expect(track.stop).toHaveBeenCalledOnce();
    expect(source.state.value).toEqual({ status: 'off' });
  });
});

describe('the level meter', () => {
  it('maps silence to 0, -30 dB to the middle and full scale to 1', () => {
    expect(levelOf(new Float32Array(64))).toBe(0);
    expect(levelOf(new Float32Array(64).fill(1))).toBe(1);
    expect(levelOf(new Float32Array(64).fill(10 ** (-30 / 20)))).toBeCloseTo(0.5);
  });
});
