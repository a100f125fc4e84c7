/** Assumed length of a video frame whose length nothing shows yet, in ticks of 90 kHz: 30 frames per second. */
export const usualFrameTicks = 3000;
