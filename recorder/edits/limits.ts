// Limits of cuts. The other limits of the recorder are in recorder/limits.ts.
/**
 * How much of a segment may lie in a cut for it to be served, in ms. The segments of audio end up to a frame of 21 ms before or after
 * those of the video, which cuts begin and end with.
 */
export const maxServedOfCutMs = 100;
/** The shortest part of a segment of audio that is served by itself, in ms: two frames. */
export const minTrimmedMs = 50;
/** Trimmed segments of audio in memory; one takes about 30 KB. */
export const maxTrimmedSegments = 200;
/** How long a cut can be undone. After that, its bytes are removed from the store. */
export const cutUndoMs = 14 * 24 * 3600_000;
/** Cuts of one video. */
export const maxCuts = 200;
/** Playlists of edited videos in memory: which of their files may be served. */
export const maxServedPlaylists = 500;
/** Images of edited videos in memory; one takes about 100 KB. */
export const maxEditedImages = 100;

/** How long before a moment the image of a storyboard may have been taken, in ms: it is the last keyframe before it. */
export const storyboardLagMs = 2500;
