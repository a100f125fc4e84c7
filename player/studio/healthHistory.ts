import type { IngestHealth } from '#engine/contract';

/** One second of an encoder's stream. */
export interface HealthSample {
  bitrateBps: number;
  /** Frames that were dropped since the sample before. */
  dropped: number;
  /** The count since the encoder connected. */
  droppedFrames: number;
}

/** A minute, at one sample a second. */
export const keptSamples = 60;

/** The samples of the last minute with one more. An encoder that connects again counts from 0; one that is gone has no samples. */
export function withSample(samples: readonly HealthSample[], health: IngestHealth | null): readonly HealthSample[] {
  if (health?.state !== 'running') return samples.length === 0 ? samples : [];
  const { videoBitrateBps, audioBitrateBps, droppedFrames } = health;
  const before = samples.at(-1)?.droppedFrames ?? droppedFrames;
  const sample = { bitrateBps: (videoBitrateBps ?? 0) + (audioBitrateBps ?? 0), dropped: droppedFrames < before ? droppedFrames : droppedFrames - before, droppedFrames };
  return [...samples.slice(1 - keptSamples), sample];
}
