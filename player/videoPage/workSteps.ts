import type { VideoSource, VideoWork } from '#recorder/contract';

type Stage = VideoWork['stage'];

/** The steps of an upload in their order. A recording is not scanned, and its segments are folded at the end. */
const order: readonly Stage[] = ['waiting', 'scanning', 'probing', 'encoding', 'images', 'folding'];

export interface WorkStep {
  stage: Stage;
  state: 'done' | 'now' | 'later';
}

/** All steps of the work on a video, and where it is. */
export function stepsOf(now: Stage, source: VideoSource): WorkStep[] {
  const stages = order.filter((stage) => stage !== 'waiting' || now === 'waiting').filter((stage) => source === 'upload' || stage !== 'scanning' || now === 'scanning');
  const place = stages.indexOf(now);
  return stages.map((stage, index) => ({ stage, state: index < place ? 'done' : index === place ? 'now' : 'later' }));
}
