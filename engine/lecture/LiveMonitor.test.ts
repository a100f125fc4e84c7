import { expect, it } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { LectureId } from '../contract/index.ts';
import { newId } from '../kernel/index.ts';
import { maxLiveSamples, liveSampleIntervalMs } from './limits.ts';
import { LiveMonitor } from './LiveMonitor.ts';
import type { LiveLecture } from './LiveLecture.ts';

it('The samples of a long lecture cover all of it, and are no more than those of a short one', () => {
  const clock = new ManualClock(0);
  const id = LectureId.parse(newId('lec'));
  const lecture = { id, roster: { peopleCount: 3 }, reports: { health: null, recording: 'off' } } as unknown as LiveLecture;
  const live = new Map([[id, lecture]]);
  const monitor = LiveMonitor.start({ registry: { allLive: () => [...live.values()], live: (of) => live.get(of) }, plane: { workers: [] }, clock });
  const hours = 8 * 3600_000;
  clock.advance(hours);
  const samples = monitor.samplesOf(id);
  expect(samples.length).toBeLessThanOrEqual(maxLiveSamples + 1);
  expect(samples.length).toBeGreaterThan(maxLiveSamples / 2);
  expect([samples[0]?.atMs, samples.at(-1)?.atMs]).toEqual([liveSampleIntervalMs, hours]);
  const gaps = samples.slice(1, -1).map(({ atMs }, index) => atMs - (samples[index]?.atMs ?? 0));
  expect(new Set(gaps).size).toBe(1);
  live.clear();
  clock.advance(liveSampleIntervalMs);
  live.set(id, lecture);
  expect(monitor.samplesOf(id)).toHaveLength(1);
  monitor.close();
  expect(clock.timers).toBe(0);
});
