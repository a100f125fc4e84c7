export { openUploadParts } from './openUploadParts.ts';
export type { Uploading } from './openUploadParts.ts';
export { tusAbilities } from './tusHeaders.ts';
