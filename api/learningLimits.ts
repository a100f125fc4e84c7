// Limits of schedules, calendars, announcements and progress inside the server. The other limits are in limits.ts.

/** How far ahead lectures are looked for that are at the same time as others, in ms: three years, longer than a series that begins next year. */
export const planHorizonMs = 3 * 366 * 24 * 3600_000;

/** Characters of the token of a calendar feed: 240 random bits, and too long to be shown in the log. */
export const calendarTokenLength = 48;

/** How long calendar feeds say that a lecture is cancelled, in ms: 60 days. A program that looks less often keeps the event. */
export const cancelledLecturesMs = 60 * 24 * 3600_000;

/** How far back calendar feeds reach, in ms: four months, a term. */
export const feedBackMs = 122 * 24 * 3600_000;

/** How far ahead calendar feeds reach, in ms: a year and a half. */
export const feedForwardMs = 550 * 24 * 3600_000;

/** Lectures of a calendar feed or of a page of the calendar, at most; a person in ten courses has some 600 a year. */
export const maxFeedEvents = 2000;

/** Minutes that a lecture without a planned duration takes in a calendar. */
export const assumedMinutes = 60;

/** Characters of rendered calendars that a process keeps; one of 2,000 events has some 800,000. */
export const maxRenderedFeedsLength = 8_000_000;

/** Requests for one calendar feed: six devices that look every three minutes, which is more often than any program does by itself. */
export const feedRequests = { burst: 60, perSecond: 120 / 3600 };

/** How often calendar programs are asked to look for changes, in seconds. Most look less often. */
export const feedRefreshSeconds = 3600;

/** Seconds for which a copy of a feed is fresh. */
export const feedMaxAgeSeconds = 300;

/** Announcements that a course can pin: more would hide the new ones. */
export const maxPinned = 5;

/** Ranges stored of what a person has watched of a video. Someone who jumps back and forth in a lecture makes a few dozen. */
export const maxWatchedRanges = 200;

/** Attempts to store what was watched while another device of the same person stores as well. */
export const watchedWriteAttempts = 5;

/** The share of a live lecture for which one has to be present to attend it. */
export const attendedFrom = 0.5;

/** How long the attendance of a lecture waits for its last events to be stored, in ms: they are written in batches every half second. */
export const attendanceDelayMs = 5_000;

/** How often lectures are looked for whose attendance is not summed, in ms. */
export const attendanceSweepMs = 3600_000;

/** How far back they are looked for, in ms: a week, longer than a site is down. */
export const attendanceWindowMs = 7 * 24 * 3600_000;

/** Lectures in one look; a university holds some hundreds in a day. */
export const attendanceSweepSize = 2000;

/** Students read at once for a table of all. */
export const csvPageSize = 200;

/** How often the retention of courses is applied. Its rules count days. */
export const retentionIntervalMs = 6 * 3600_000;
