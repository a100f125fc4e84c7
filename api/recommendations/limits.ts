/** Videos that are looked at for one source of recommendations: tags of a few terms, and what one can compare in a millisecond. */
export const maxCandidates = 200;

/** Videos watched lately from which the recommendations of the home page are made: about a week of lectures. */
export const maxSeeds = 5;

/** People whose watching is counted for a video. More do not change the order, and their rows have to be read. */
export const maxWatchers = 100;

/** Rows that are read of what these people watched: 40 videos of each. */
export const maxWatchedRows = 4000;

/** People who have to have watched both videos: with fewer, the list would tell what one classmate watched. */
export const minCommonWatchers = 3;

/** Seconds of a video that a person has watched, for it to count: more than a look at its beginning. */
export const minWatchedSeconds = 30;

/** How long the counts of a video are kept, in ms: an opened replay of a large course asks hundreds of times in a few minutes. */
export const coWatchedLifetimeMs = 10 * 60_000;

/** Videos whose counts a process keeps; each has some kilobytes. */
export const maxCountedVideos = 500;

/** What a reason adds at most to the score of a video. What the instructor said by tags and what is spoken of outweigh habits and the place. */
export const weights = { tags: 4, words: 4, watched: 3, course: 1 };
