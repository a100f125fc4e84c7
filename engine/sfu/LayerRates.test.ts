import type { types } from 'mediasoup';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../testing/ManualClock.ts';
import { silentLogger } from '../testing/silentLogger.ts';
import { LayerRates } from './LayerRates.ts';
import type { LayerRatesOptions } from './LayerRates.ts';
import { assumedBps, bitrateSampleMs } from './limits.ts';

function measure(encodings: types.RtpEncodingParameters[], stats: Partial<types.ProducerStat>[]) {
  const clock = new ManualClock();
  const asked = { count: 0, isWanted: true };
  const getStats = async () => {
    asked.count += 1;
    return stats as types.ProducerStat[];
  };
  const producer = { kind: 'video', closed: false, rtpParameters: { codecs: [], encodings }, getStats } as unknown as LayerRatesOptions['producer'];
  const rates = new LayerRates({ producer, clock, logger: silentLogger, isWanted: () => asked.isWanted });
  onTestFinished(() => rates.close());
  const sample = async () => {
    clock.advance(bitrateSampleMs);
    await new Promise(setImmediate);
  };
  return { rates, sample, asked, clock };
}

describe('The bitrate of a track', () => {
  it('is that of the chosen layer, and of the best that is sent where none is chosen', async () => {
    const { rates, sample } = measure([{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }], [{ rid: 'h', bitrate: 600_000 }, { rid: 'q', bitrate: 150_000 }, { rid: 'f', bitrate: 0 }]);
    await sample();
    expect([rates.bpsOf(0), rates.bpsOf(1), rates.bpsOf(2), rates.bpsOf(undefined)]).toEqual([150_000, 600_000, 0, 600_000]);
  });

  it('of one layer is found by its SSRC', async () => {
    const { rates, sample } = measure([{ ssrc: 7 }], [{ ssrc: 7, bitrate: 900_000 }]);
    await sample();
    expect([rates.bpsOf(0), rates.bpsOf(undefined)]).toEqual([900_000, 900_000]);
  });

  it('is assumed until it is measured, and is measured only while somebody is subscribed', async () => {
    const { rates, sample, asked } = measure([{ ssrc: 7 }], [{ ssrc: 7, bitrate: 900_000 }]);
    asked.isWanted = false;
    await sample();
    expect([rates.bpsOf(undefined), asked.count]).toEqual([assumedBps.video, 0]);
    asked.isWanted = true;
    await sample();
    expect([rates.bpsOf(undefined), asked.count]).toEqual([900_000, 1]);
  });

  it('stays while the track is paused, and leaves no timer when the track is closed', async () => {
    const stats = [{ ssrc: 7, bitrate: 900_000 }];
    const { rates, sample, clock } = measure([{ ssrc: 7 }], stats);
    await sample();
    stats[0] = { ssrc: 7, bitrate: 0 };
    await sample();
    expect(rates.bpsOf(undefined)).toBe(900_000);
    rates.close();
    expect(clock.timers).toBe(0);
  });
});
