import * as z from 'zod';

/** Of a recording that can be watched. `live`: still being written; `ready`: plays to its end; `failed`: nothing of it can be played. */
export const VideoState = z.enum(['live', 'ready', 'failed']);
export type VideoState = z.infer<typeof VideoState>;
