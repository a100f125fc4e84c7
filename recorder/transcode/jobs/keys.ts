import { videoPrefix } from '../../renditions/index.ts';

export interface OfGeneration {
  videoId: string;
  generation: number;
}

export function generationPrefix({ videoId, generation }: OfGeneration): string {
  return `${videoPrefix(videoId)}${generation}/`;
}

/** What is needed only while the renditions are made. */
export function workPrefix(of: OfGeneration, runId: string): string {
  return `${generationPrefix(of)}work-${runId}/`;
}

export function planKey(of: OfGeneration, runId: string): string {
  return `${workPrefix(of, runId)}plan.json`;
}

/** The record of a finished task. It is stored last, so a task with a record is complete. */
export function recordKey(of: OfGeneration, { runId, task }: { runId: string; task: string }): string {
  return `${workPrefix(of, runId)}${task}.json`;
}
