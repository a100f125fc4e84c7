/** Shorter ones are over before a viewer has looked at them. */
export const minClipMs = 5000;
/** Longer ones are videos to be edited. */
export const maxClipMs = 10 * 60_000;
/** As many as one list shows. Each is one row. */
export const maxClipsOfVideo = 200;
