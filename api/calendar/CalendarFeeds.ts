import type { LecturePlans, LectureRow } from '#engine';
import { CodedError } from '#engine/contract';
import { randomText, toInstant } from '#engine/kernel';
import type { Clock, RateLimiter, RateLimiters } from '#engine/kernel';
import type { CourseId, SiteRole, UserId } from '#engine/contract';
import type { AccountStore } from '../accounts/AccountStore.ts';
import type { Courses } from '../courses/Courses.ts';
import { courseIdOf } from '../courses/CourseStore.ts';
import type { CourseRow } from '../courses/CourseStore.ts';
import { calendarTokenLength, feedBackMs, feedForwardMs, feedRequests, maxFeedEvents } from '../learningLimits.ts';
import type { CalendarFeedRow, CalendarFeedStore } from './CalendarFeedStore.ts';
import type { CancelledLectures } from './CancelledLectures.ts';
import type { CalendarEvent } from './icalendar.ts';
import { RenderedFeeds } from './RenderedFeeds.ts';

export interface CalendarFeedsOptions {
  store: CalendarFeedStore;
  cancelled: CancelledLectures;
  plans: LecturePlans;
  courses: Courses;
  accounts: AccountStore;
  limiters: RateLimiters;
  clock: Clock;
}

export interface CalendarRequest {
  token: string;
  ifNoneMatch: string | undefined;
  /** Of the pages that events link to: `https://lectern.example.org`. */
  baseUrl: string;
}

export interface CalendarResponse {
  etag: string;
  /** Undefined when the client has this version. */
  body: string | undefined;
}

/** The calendar feeds of people: their secret URLs, and what they contain now. */
export class CalendarFeeds {
  readonly #options: CalendarFeedsOptions;
  readonly #limiter: RateLimiter;
  readonly #rendered = new RenderedFeeds();

  constructor(options: CalendarFeedsOptions) {
    this.#options = options;
    this.#limiter = options.limiters.open('calendarFeed', feedRequests);
  }

  /** The token belongs to the URL and is not stored. */
  async create(userId: UserId, courseId: CourseId | null): Promise<{ feed: CalendarFeedRow; token: string }> {
    const token = randomText(calendarTokenLength);
    return { token, feed: await this.#options.store.put({ userId, courseId, token, createdAt: toInstant(this.#options.clock.nowMs()) }) };
  }

  /** The feed with a token, as its owner may see it now. @throws CodedError `calendar.notFound`, `request.tooFrequent` */
  async respond({ token, ifNoneMatch, baseUrl }: CalendarRequest): Promise<CalendarResponse> {
    const { courses } = this.#options;
    const { feed, roles } = await this.#open(token);
    const mine = (await courses.ofUser({ userId: feed.userId, roles })).map(({ course }) => course);
    const shown = feed.courseId === null ? mine : mine.filter(({ _id }) => _id === feed.courseId);
    if (feed.courseId !== null && shown.length === 0) throw revoked();
    const calendar = { name: feed.courseId === null ? 'Lectern' : (shown[0]?.title ?? ''), events: await this.#events(shown, baseUrl) };
    const version = this.#rendered.versionOf(calendar);
    const etag = `"${version}"`;
    return { etag, body: isKnown(ifNoneMatch, etag) ? undefined : this.#rendered.bodyOf(calendar, version) };
  }

  async #open(token: string): Promise<{ feed: CalendarFeedRow; roles: SiteRole[] }> {
    const { store, accounts } = this.#options;
    const feed = await store.findByToken(token);
    if (feed) await this.#count(feed._id);
    const account = feed && (await accounts.find(feed.userId));
    if (!feed || account?.deactivatedAt !== null) throw revoked();
    return { feed, roles: account.roles };
  }

  async #count(feedId: string): Promise<void> {
    const decision = await this.#limiter.take(feedId);
    if (decision.isAllowed) return;
    const retryAfterSeconds = Math.max(1, Math.ceil(decision.retryAfterMs / 1000));
    throw new CodedError('request.tooFrequent', 'This calendar is asked for too often. Once an hour is enough.', { details: { retryAfterSeconds } });
  }

  async #events(courses: readonly CourseRow[], baseUrl: string): Promise<CalendarEvent[]> {
    const { plans, cancelled, clock } = this.#options;
    const titles = new Map<string, string>(courses.map(({ _id, title }) => [_id, title]));
    const ids = courses.map(courseIdOf);
    const nowMs = clock.nowMs();
    const span = { from: toInstant(nowMs - feedBackMs), before: toInstant(nowMs + feedForwardMs) };
    const [rows, gone] = await Promise.all([plans.plannedIn(ids, span, maxFeedEvents), cancelled.ofCourses(ids)]);
    const known = new Set(rows.map(({ _id }) => _id));
    const events = rows.map((row) => lectureEvent(row, { courseTitle: titles.get(row.courseId) ?? '', baseUrl }));
    const cancellations = gone.filter(({ _id }) => !known.has(_id)).map(({ _id, courseId, cancelledAt, ...row }) => ({
      ...row,
      id: _id,
      courseTitle: titles.get(courseId) ?? '',
      changedAt: cancelledAt,
      isCancelled: true,
      url: `${baseUrl}/courses/${courseId}`,
    }));
    return [...events, ...cancellations.sort((a, b) => a.scheduledAt.localeCompare(b.scheduledAt))];
  }
}

/** A lecture as an event. One that was held links to its course, where its recording is. */
export function lectureEvent(row: LectureRow, { courseTitle, baseUrl }: { courseTitle: string; baseUrl: string }): CalendarEvent {
  const { _id, courseId, title, scheduledAt, durationMinutes, revision = 0, createdAt, changedAt = createdAt, state } = row;
  const page = state === 'ended' ? `courses/${courseId}` : `live/${_id}`;
  return { id: _id, title, courseTitle, scheduledAt: scheduledAt ?? createdAt, durationMinutes, revision, changedAt, isCancelled: false, url: `${baseUrl}/${page}` };
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch !== undefined && ifNoneMatch.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')));
}

function revoked(): CodedError {
  return new CodedError('calendar.notFound', 'This calendar link does not work any more. Create a new one on the calendar page.');
}
