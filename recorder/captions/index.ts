export { CaptionMedia } from './CaptionMedia.ts';
export type { CaptionMediaOptions } from './CaptionMedia.ts';
export { CaptionStore } from './CaptionStore.ts';
export type { CaptionChange, CaptionRow } from './CaptionStore.ts';
export { parseCaptions } from './parseCaptions.ts';
export type { ParsedCaptions, SkipReason } from './parseCaptions.ts';
export { captionTypes, writeCaptions, writeVtt } from './writeCaptions.ts';
export { editedCues, keptOfVideo } from './editedCues.ts';
