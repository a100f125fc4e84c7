// Limits of the REST API that clients have to know. The schemas of the contract use these constants.

/** Characters of an e-mail address: RFC 5321 §4.5.3.1.3 allows a path of 256 octets, two of them the angle brackets. */
export const maxEmailLength = 254;

/** Characters of the name that others see; longer ones do not fit the list of people. */
export const maxDisplayNameLength = 80;

/** Characters of a new password: the minimum of NIST SP 800-63B §5.1.1.2. */
export const minPasswordLength = 8;

/** Characters of a password: room for a passphrase, and hashing one stays cheap. */
export const maxPasswordLength = 200;

/** Characters of the title of a course or a lecture: two lines of a page. */
export const maxTitleLength = 160;

/** Characters of the description of a course, in Markdown: four printed pages, a syllabus with links. */
export const maxDescriptionLength = 10_000;

/** Tags of a course: what fits a card in a list. */
export const maxTags = 10;

/** Characters of a tag: a few words. */
export const maxTagLength = 40;

/** Characters of the name of a category: one line of a menu. */
export const maxCategoryNameLength = 60;

/** Categories of a site: what fits a menu. */
export const maxCategories = 100;

/** Characters of a search for courses. */
export const maxCourseSearchLength = 100;

/** Courses in a page of a list by default: a few screens of cards. */
export const coursePageSize = 48;

/** Courses in a page of a list at most. */
export const maxCoursePageSize = 200;

/** Characters of a course's description in a list: two lines of a card. */
export const excerptLength = 200;

/** Days for which a deleted course can be restored. */
export const courseTrashDays = 14;

/** Weeks by which the lectures of a duplicated course can be moved: two years, in either direction. */
export const maxShiftWeeks = 104;

/** Characters of an enrolment code in a request. The server's codes are shorter. */
export const maxEnrolmentCodeLength = 40;

/** Characters of the token of an invitation in a request. The server's tokens are shorter. */
export const maxInvitationTokenLength = 60;

/** Characters of the token of a mailed link in a request. The server's tokens are shorter. */
export const maxLinkTokenLength = 120;

/** Characters of the token of a download in a request. The server's tokens are shorter. */
export const maxDownloadTokenLength = 1000;

/** Characters of a search for accounts. */
export const maxSearchLength = 100;

/** Accounts in a page of `listUsers` by default: two screens. */
export const accountPageSize = 50;

/** Accounts in a page of `listUsers` at most. */
export const maxAccountPageSize = 200;

/** Messages in a page of a lecture's chat by default: a usual lecture takes one request. */
export const chatPageSize = 1000;

/** Messages in a page of a lecture's chat at most. */
export const maxChatPageSize = 2000;

/** Minutes of a scheduled lecture: a day. */
export const maxLectureMinutes = 24 * 60;

/** People in one request for names and pictures. With more, its address would be longer than proxies pass on. */
export const maxAskedPeople = 100;

/** Bytes of an image that is sent: a photograph of 48 megapixels from a phone. */
export const maxImageBytes = 16 * 2 ** 20;

/** Pixels of an image that is sent: the largest camera of a phone today, 50 megapixels and a margin. */
export const maxImagePixels = 64_000_000;

/** Seconds of a position in a video: a week, which is longer than any lecture. */
export const maxPositionSeconds = 7 * 24 * 3600;

/** Entries in a page of the audit log by default: two screens. */
export const auditPageSize = 50;

/** Entries in a page of the audit log at most. */
export const maxAuditPageSize = 200;

/** Characters of the name of the site: it stands beside the menu of every page. */
export const maxSiteNameLength = 40;

/** Characters of the banner and of the note of a maintenance: two lines on a phone, four at most. */
export const maxBannerLength = 280;

/** Domains whose addresses may sign up. */
export const maxSignupDomains = 50;
/** Characters of the name of an access token or of a webhook: a line of a list. */
export const maxAccessTokenNameLength = 80;

/** Days for which an access token is valid at most: a year of lectures. */
export const maxAccessTokenDays = 366;

/** Access tokens of one account: more than anyone has programs. */
export const maxAccessTokens = 20;

/** Characters of the address of a webhook. */
export const maxWebhookUrlLength = 2000;

/** Webhooks of one course, or of the site itself. */
export const maxWebhooks = 10;

/** The events that webhooks are notified of. */
export const webhookEventTypes = ['lecture.started', 'lecture.ended', 'recording.ready', 'enrolment.added'] as const;

/** Lectures of one series: five a week for forty weeks. They are all made at once. */
export const maxSeriesLectures = 200;

/** Days from the first to the last lecture of a series: two years. */
export const maxSeriesDays = 731;

/** Series of a course that have not been deleted. */
export const maxSeriesOfCourse = 40;

/** Lectures of a course that are still to come: a list of lectures shows 500, held ones included. */
export const maxPlannedLectures = 300;

/** Dates on which a course has no lectures. */
export const maxHolidays = 120;

/** Characters of the name of a holiday. */
export const maxHolidayNameLength = 80;

/** Days of a span of the calendar: three months, so that a page of a month with its edges fits. */
export const maxCalendarDays = 100;

/** Characters of the text of an announcement: two printed pages. */
export const maxAnnouncementLength = 5000;

/** Announcements in a page by default: a course has a few a week. */
export const announcementPageSize = 20;

/** Announcements in a page at most. */
export const maxAnnouncementPageSize = 100;

/** Ranges of a video that a player reports as watched at once: one for each jump in ten seconds. */
export const maxReportedRanges = 50;

/** Students in a page of the progress of a course by default. */
export const learnerPageSize = 100;

/** Students in a page of the progress of a course at most. */
export const maxLearnerPageSize = 200;

/** Passkeys of one account: several devices and keys of a person. */
export const maxPasskeysPerAccount = 20;

/** Characters of the name of a passkey. */
export const maxPasskeyNameLength = 60;

/** Recovery codes of one account, each valid once. */
export const recoveryCodeCount = 10;

/** Characters of the cursor of a list: the key of a row, of 200 characters at most, in JSON and base64. */
export const maxCursorLength = 1500;

/** Characters of the reason for an action, in the audit log. */
export const maxReasonLength = 200;

/** Courses in a page of the list of their storage, by default and at most. A download asks for the most. */
export const storagePageSize = 50;
export const maxStoragePageSize = 500;

/** Days for which a deleted video can be restored. */
export const videoTrashDays = 14;
/** Sharing links of one video: one for each group of people who are told apart. */
export const maxSharingLinks = 50;
export const maxLinkLabelLength = 80;
/** Sites that one link may be embedded in. */
export const maxEmbedSites = 20;
/** More than a token or the id of a video has. */
export const maxSharingTokenLength = 64;
/** Videos in a page of the library. */
export const libraryPageSize = 24;

export const maxLibraryPageSize = 100;

/** Videos that are changed by one request. */
export const maxBulkVideos = 100;

/** Videos in the list of a course; more than a course has lectures. */
export const maxListedVideos = 500;

/** The largest file that anyone can upload, in GB: a day of 1080p60 from a camera. Settings of the site may allow less. */
export const maxUploadGb = 50;
