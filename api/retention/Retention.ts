// Responsible for deleting what is older than the rules of a course or of the site allow: plans the deletion of videos, tells the owners of
// their courses twice, and deletes; and deletes old chats. Each step may be repeated.
import { CourseId } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { StoredVideos, VideoRow } from '#recorder';
import type { EffectiveRetention, SiteSettings } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { dayMs } from '../limits.ts';
import type { NewMail } from '../mail/index.ts';
import { deletionTime, effectiveRetention, noticeDays, retentionStep } from './retentionRules.ts';
import type { RetentionNotice } from './retentionRules.ts';
import type { PlannedDeletionRow, RetentionStore } from './RetentionStore.ts';

export interface RetentionOptions {
  store: RetentionStore;
  videos: StoredVideos;
  courses: Pick<CourseStore, 'find'>;
  /** All courses, for a rule of the site. */
  allCourseIds: () => AsyncIterable<string>;
  /** The rules of the site, now. */
  site: () => Pick<SiteSettings, 'recordingDays' | 'uploadDays' | 'chatDays'>;
  /** Deletes a video so that it can be restored for a while. */
  deleteVideo: (videoId: string) => Promise<void>;
  /** Deletes the chats of lectures of a course that ended before. Resolves with the number of lectures. */
  eraseChats: (courseId: CourseId, before: string) => Promise<number>;
  mails: { add(mail: NewMail): Promise<void> };
  clock: Clock;
  logger: Logger;
}

interface Notices {
  month: string[];
  week: string[];
}

export class Retention {
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#dropPlans(signal);
    const site = this.#options.site();
    const isSiteWide = site.recordingDays !== null || site.uploadDays !== null || site.chatDays !== null;
    for await (const courseId of isSiteWide ? this.#options.allCourseIds() : fromArray(await this.#options.store.courseIds())) {
      signal.throwIfAborted();
      await this.applyTo(CourseId.parse(courseId), signal);
    }
  }

  /** What is in force in a course. */
  async effective(courseId: string): Promise<EffectiveRetention> {
    return effectiveRetention(await this.#options.store.of(courseId), this.#options.site());
  }

  /** Plans, tells and deletes in one course. */
  async applyTo(courseId: CourseId, signal: AbortSignal): Promise<void> {
    const { videos, courses, eraseChats, clock, logger } = this.#options;
    const course = await courses.find(courseId);
    // A deleted course goes as a whole.
    if (!course || course.deletedAt !== null) return;
    const effective = await this.effective(courseId);
    const notices: Notices = { month: [], week: [] };
    const days = Math.min(effective.recordingDays ?? Infinity, effective.uploadDays ?? Infinity);
    if (Number.isFinite(days)) {
      const until = toInstant(clock.nowMs() - (days - noticeDays.month) * dayMs);
      for await (const video of videos.ofCourseUntil(courseId, until)) {
        signal.throwIfAborted();
        await this.#applyToVideo(video, effective, notices);
      }
    }
    await this.#tell(course, notices);
    if (effective.chatDays === null) return;
    const erased = await eraseChats(courseId, toInstant(clock.nowMs() - effective.chatDays * dayMs));
    if (erased > 0) logger.info({ courseId, lectures: erased }, 'retention.chatsErased');
  }

  /** Lets a rule that was changed apply at once, without deleting or telling. */
  async replan(courseId: CourseId): Promise<void> {
    const { store } = this.#options;
    const effective = await this.effective(courseId);
    for (const plan of await store.plans.find({ courseId })) await this.#keepOrDrop(plan, effective);
  }

  async #applyToVideo(video: VideoRow, effective: EffectiveRetention, notices: Notices): Promise<void> {
    const { store, videos, deleteVideo, clock, logger } = this.#options;
    const days = daysFor(video, effective);
    if (days === null || video.isKept || video.state === 'live') return;
    const nowMs = clock.nowMs();
    const known = await store.plans.findOne({ _id: video._id });
    const plan = known ?? { _id: video._id, courseId: video.courseId, plannedAt: toInstant(nowMs), weekNoticeAt: null, isMonthTold: false, until: '' };
    const until = deletionTime(video.createdAt, days, plan);
    if (until !== plan.until) {
      // A later time is told again.
      const isLater = known !== null && until > plan.until;
      await this.#save({ ...plan, until, ...(isLater && { weekNoticeAt: null, isMonthTold: false }) });
      plan.until = until;
    }
    if (video.retainUntil !== until) await videos.setRetainUntil(video._id, until);
    const step = retentionStep(plan, { until, nowMs });
    if (step === 'tellMonth') notices.month.push(video._id);
    if (step === 'tellWeek') notices.week.push(video._id);
    if (step !== 'delete') return;
    await deleteVideo(video._id);
    await store.plans.deleteOne({ _id: video._id });
    logger.info({ videoId: video._id, courseId: video.courseId, createdAt: video.createdAt }, 'retention.videoDeleted');
  }

  async #save({ _id, ...plan }: PlannedDeletionRow): Promise<void> {
    await this.#options.store.plans.replaceOne({ _id }, plan, { upsert: true });
  }

  /** One mail for all videos of a course. It comes before the note that it was sent: it may come twice, but not never. */
  async #tell({ _id: courseId, title, ownerId }: { _id: string; title: string; ownerId: string }, notices: Notices): Promise<void> {
    const { store, mails, clock } = this.#options;
    const told: Record<RetentionNotice, Partial<PlannedDeletionRow>> = { month: { isMonthTold: true }, week: { isMonthTold: true, weekNoticeAt: toInstant(clock.nowMs()) } };
    for (const notice of ['month', 'week'] as const) {
      const videoIds = notices[notice];
      if (videoIds.length === 0) continue;
      const [first] = await store.plans.find({ courseId, _id: { $in: videoIds } }, { sort: { until: 1 }, limit: 1 });
      const earliestMs = clock.nowMs() + noticeDays.week * dayMs;
      const until = first && first.until > toInstant(earliestMs) ? first.until : toInstant(earliestMs);
      await mails.add({ userId: ownerId as UserId, template: notice === 'month' ? 'retentionMonth' : 'retentionWeek', about: title, path: `/courses/${courseId}?tab=settings`, until });
      await store.plans.updateMany({ courseId, _id: { $in: videoIds } }, { $set: told[notice] });
    }
  }

  /** Plans of videos that are kept by now, or deleted, or whose rule is off. */
  async #dropPlans(signal: AbortSignal): Promise<void> {
    const effective = new Map<string, EffectiveRetention>();
    for await (const plan of this.#options.store.plans.iterate({})) {
      signal.throwIfAborted();
      const rules = effective.get(plan.courseId) ?? (await this.effective(plan.courseId));
      effective.set(plan.courseId, rules);
      await this.#keepOrDrop(plan, rules);
    }
  }

  async #keepOrDrop(plan: PlannedDeletionRow, effective: EffectiveRetention): Promise<void> {
    const { store, videos } = this.#options;
    const video = await videos.find(plan._id);
    if (video && video.deletedAt === null && !video.isKept && daysFor(video, effective) !== null) return;
    if (video?.retainUntil) await videos.setRetainUntil(video._id, null);
    await store.plans.deleteOne({ _id: plan._id });
  }
}

function daysFor({ source }: Pick<VideoRow, 'source'>, { recordingDays, uploadDays }: EffectiveRetention): number | null {
  return source === 'recording' ? recordingDays : uploadDays;
}

async function* fromArray(ids: readonly string[]): AsyncGenerator<string> {
  yield* ids;
}
