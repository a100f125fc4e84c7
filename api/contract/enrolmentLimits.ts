// Limits of how people come into courses that clients have to know.

/** Groups of a course: more than the largest course has tutorials. */
export const maxGroupsPerCourse = 100;

/** Characters of the name of a group. */
export const maxGroupNameLength = 60;

/** Students that a capacity can allow; beyond it, a course has no use for one. */
export const maxCapacity = 100_000;

/** Characters of the note with a request to join: a paragraph. */
export const maxRequestNoteLength = 500;

/** Uses of one invitation link: the largest courses. */
export const maxInvitationUses = 10_000;

/** Days for which an invitation link can be valid: a year. */
export const maxInvitationDays = 365;

/** Days for which an invitation link is valid by default: it is sent by mail and used in the first weeks of a term. */
export const invitationDays = 14;

/** Characters of the note that tells invitation links apart. */
export const maxInvitationNoteLength = 80;

/** Invitation links of a course that work at the same time. */
export const maxInvitationsPerCourse = 100;

/** People in a page of a list of a course by default: two screens. */
export const memberPageSize = 50;

/** People in a page of a list of a course at most. */
export const maxMemberPageSize = 200;

/** Bytes of a list of people: 5,000 lines of 100 characters in UTF-16. */
export const maxRosterBytes = 1024 * 1024;

/** Lines of a list of people. */
export const maxRosterLines = 5_000;

/** Lines with problems, and lines without, that a preview shows. The counts are of all lines. */
export const maxShownRosterLines = 100;
