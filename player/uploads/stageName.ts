import { text } from '../text/index.ts';

const stages = ['waiting', 'scanning', 'probing', 'encoding', 'images', 'folding'] as const;

/** What is being done, in words. */
export function stageName(stage: string): string {
  return text.uploads.work[stages.find((known) => known === stage) ?? 'waiting'];
}
