export { openUploadParts } from './openUploadParts.ts';
export type { Uploading, UploadParts } from './openUploadParts.ts';
export { tusAbilities } from './tusHeaders.ts';
