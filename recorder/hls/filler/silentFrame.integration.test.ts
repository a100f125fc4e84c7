import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { aacLcFormat, parseAudioConfig } from '#engine/media';
import type { AudioFormat } from '#engine/media';
import { audioTimescale, initSegment } from '../fmp4/initSegment.ts';
import { mediaSegment } from '../fmp4/mediaSegment.ts';
import { silentFrame } from './silentFrame.ts';

const run = promisify(execFile);
const lowComplexity = [1, 2, 3, 4, 5, 6, 8].map((channelCount) => [`AAC-LC with ${channelCount} channels`, aacLcFormat({ sampleRateHz: 48_000, channelCount })] as const);
const explicit = [
  ['HE-AAC, signalled hierarchically', '2b118800'],
  ['HE-AAC, signalled backward-compatibly', '131056e598'],
  ['HE-AAC v2', 'eb098800'],
].map(([name = '', config = '']) => [name, parseAudioConfig(Buffer.from(config, 'hex'))] as const);

it.each([...lowComplexity, ...explicit])('ffmpeg decodes silence in %s without a warning', async (_, format) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-silence-'));
  const file = path.join(folder, 'silence.mp4');
  await writeFile(file, fragmentOf(format as AudioFormat));
  const { stderr } = await run('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-']);
  const { stderr: report } = await run('ffmpeg', ['-hide_banner', '-i', file, '-af', 'volumedetect', '-f', 'null', '-']);
  await rm(folder, { recursive: true });
  expect(stderr).toBe('');
  expect(report).toContain('max_volume: -91.0 dB');
});

function fragmentOf(format: AudioFormat): Buffer {
  const { data, samples } = silentFrame(format);
  const sample = { durationTicks: (samples * audioTimescale) / format.sampleRateHz, compositionOffsetTicks: 0, isKeyframe: true, data };
  return Buffer.concat([initSegment(format), mediaSegment({ fragmentNumber: 1, decodeTimeTicks: 0, samples: Array.from({ length: 50 }, () => sample) })]);
}
