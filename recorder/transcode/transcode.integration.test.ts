import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decoded, make, TranscodeBench } from './testing/TranscodeBench.ts';

let bench: TranscodeBench;
beforeAll(async () => {
  bench = await TranscodeBench.open();
  await bench.worker();
});
afterAll(() => bench.close());

const picture = (size: string, rate: string, seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`];
const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`];

describe('A video', () => {
  it('that is uploaded as H.264 and AAC gets a ladder with aligned segments, audio at one loudness, and images', async () => {
    const file = await make(bench.folder, 'plain.mp4', [...picture('640x360', '30000/1001', 14), ...tone(14), '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '60', '-c:a', 'aac']);
    const row = await bench.finished(await bench.upload(file));
    expect(row.failure).toBeNull();
    expect(row.state).toBe('ready');
    const manifest = await bench.manifest(row);
    expect(manifest.renditions.map(({ id, widthPx, heightPx }) => [id, widthPx, heightPx])).toEqual([['main-360', 640, 360], ['main-240', 426, 240], ['audio-1', null, null]]);
    const folder = await bench.export(row);
    for (const { id, kind } of manifest.renditions) {
      const { frames, problems } = await decoded(path.join(folder, `${id}.m3u8`));
      expect(problems).toBe('');
      if (kind === 'video') expect(frames).toBe(420);
    }
    expect(row.posterKey).not.toBeNull();
    expect(row.storyboard?.sprites.length).toBe(1);
    expect(row.waveform).not.toBeNull();
  });
});
