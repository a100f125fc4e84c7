import * as z from 'zod';

/** `live`: the recording is growing; `ready`: it is finished; `failed`: it is finished and empty. */
export const VideoState = z.enum(['live', 'ready', 'failed']);
export type VideoState = z.infer<typeof VideoState>;

export { EditLists } from './editLists.ts';
export { StorageClass } from './storageClass.ts';
