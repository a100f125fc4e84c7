export { ClipStore, requireFiles } from './ClipStore.ts';
export type { NewClip } from './ClipStore.ts';
export { PlayableVideos } from './PlayableVideos.ts';
