import type { MediaSpan } from './mediaSpans.ts';
import { nextMediaAt } from './mediaSpans.ts';

export interface Stuck {
  positionSeconds: number;
  /** How long the position has not moved although the video should play. */
  forMs: number;
  /** The media of each track; an empty list for a track that is not known yet. */
  tracks: readonly (readonly MediaSpan[])[];
}

/** `skip`: a track has a gap here, at which a browser waits for ever. `report`: nothing that the player knows of explains it. */
export type StuckRemedy = { kind: 'wait' } | { kind: 'skip'; toSeconds: number } | { kind: 'report' };

const skipAfterMs = 3000;
/** A slow network loads a segment within this time, or hls.js reports it. */
const reportAfterMs = 30_000;

export function decideStuck({ positionSeconds, forMs, tracks }: Stuck): StuckRemedy {
  const next = nextMediaAt(tracks.filter((spans) => spans.length > 0), positionSeconds);
  if (forMs >= skipAfterMs && next !== undefined && next > positionSeconds) return { kind: 'skip', toSeconds: next };
  return forMs >= reportAfterMs ? { kind: 'report' } : { kind: 'wait' };
}
