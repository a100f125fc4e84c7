/** Characters of a comment: YouTube's and Canvas' texts are longer, and a comment is not an essay. */
export const maxCommentLength = 5000;
/** People that a comment mentions. */
export const maxMentions = 10;
/** Comments of a page, by default and at most. */
export const commentPageSize = 20;
export const maxCommentPageSize = 50;
/** Pinned comments of a video or lecture. */
export const maxPinnedComments = 3;
/** Earlier texts of a comment that are kept. */
export const maxCommentEdits = 20;
/** Moments on the seek bar. */
export const maxCommentMoments = 500;
/** Blocked words of a course, and the characters of each. */
export const maxBlockedWords = 200;
export const maxBlockedWordLength = 50;
/** Seconds between two comments of a person in slow mode: up to an hour. */
export const maxCommentPauseSeconds = 3600;
/** People that are offered while a mention is typed. */
export const maxMentionSuggestions = 8;
/** People who are muted in one course. */
export const maxMutedPeople = 1000;
