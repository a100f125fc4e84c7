import { expect, it } from 'vitest';
import type { IngestHealth } from '#engine/contract';
import { keptSamples, withSample } from './healthHistory.ts';
import type { HealthSample } from './healthHistory.ts';

const health = (droppedFrames: number, state: IngestHealth['state'] = 'running') => ({ state, videoBitrateBps: 2_000_000, audioBitrateBps: 160_000, droppedFrames }) as IngestHealth;

function after(...healths: (IngestHealth | null)[]): readonly HealthSample[] {
  return healths.reduce<readonly HealthSample[]>(withSample, []);
}

it('keeps the bitrate and the dropped frames of each second of the last minute', () => {
  expect(after(health(5), health(5), health(8)).map(({ bitrateBps, dropped }) => [bitrateBps, dropped])).toEqual([[2_160_000, 0], [2_160_000, 0], [2_160_000, 3]]);
  expect(after(...Array.from({ length: keptSamples + 5 }, (_, index) => health(index)))).toHaveLength(keptSamples);
});

it('starts again after the encoder was gone, and counts from zero after it has connected again', () => {
  expect(after(health(5), health(0, 'gone'))).toEqual([]);
  expect(after(health(5), null)).toEqual([]);
  expect(after(health(5), health(2)).at(-1)?.dropped).toBe(2);
});
