import { expect, it } from 'vitest';
import { opusFormat } from './opusFormat.ts';

it('opusFormat writes a big-endian dOps of version 0', () => {
  const { decoderConfig, ...rest } = opusFormat({ channelCount: 2, preSkipSamples: 312, inputSampleRateHz: 48_000 });
  expect(Buffer.from(decoderConfig).toString('hex')).toBe('00' + '02' + '0138' + '0000bb80' + '0000' + '00');
  expect(rest).toEqual({ kind: 'audio', codec: 'opus', codecString: 'opus', sampleRateHz: 48_000, channelCount: 2 });
});
