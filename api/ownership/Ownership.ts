import { CodedError, UserId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Caller } from '../access/index.ts';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import type { Courses } from '../courses/Courses.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import type { StreamKeyManager } from '../courses/StreamKeyManager.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import type { MailQueue } from '../mail/index.ts';
import { requireCourseAllowed } from '../settings/index.ts';
import type { CurrentSettings } from '../settings/index.ts';
import { ownershipOfferMs } from '../limits.ts';
import type { OfferRow, OfferStore } from './OfferStore.ts';

export interface OwnershipOptions {
  store: OfferStore;
  accounts: AccountStore;
  courses: Courses;
  courseStore: CourseStore;
  enrolments: EnrolmentStore;
  directory: LectureDirectory;
  streamKeys: StreamKeyManager;
  settings: CurrentSettings;
  notices: Pick<MailQueue, 'add'>;
  clock: Clock;
  logger: Logger;
}

/** An offer, and the account that it is made to. */
export interface SeenOffer {
  offer: OfferRow;
  to: AccountRow;
}

/** Gives courses to other owners: the owner offers, and the other instructor accepts. */
export class Ownership {
  readonly #options: OwnershipOptions;

  constructor(options: OwnershipOptions) {
    this.#options = options;
  }

  async offerOf(courseId: CourseId): Promise<SeenOffer | undefined> {
    const { store, accounts } = this.#options;
    const offer = await store.find(courseId, this.#now());
    const to = offer && (await accounts.find(UserId.parse(offer.toUserId)));
    return to && { offer, to };
  }

  /** @throws CodedError `enrolment.notFound`, `offer.refused` for the owner and for people who are no instructors */
  async offer(courseId: CourseId, { from, to: toUserId }: { from: UserId; to: UserId }): Promise<SeenOffer> {
    const { store, accounts, enrolments, notices, clock, logger } = this.#options;
    const role = await enrolments.roleOf(toUserId, courseId);
    const to = await accounts.find(toUserId);
    if (role === undefined || to?.deactivatedAt !== null) throw new CodedError('enrolment.notFound', 'This person is not in the course. Add the person first.', { details: { field: 'userId' } });
    if (role === 'owner') throw new CodedError('offer.refused', 'This person owns the course already.', { details: { field: 'userId' } });
    if (!mayOwn(to)) throw new CodedError('offer.refused', 'Only instructors own courses. An administrator can make this person an instructor.', { details: { field: 'userId' } });
    const nowMs = clock.nowMs();
    const offer = await store.put(courseId, { fromUserId: from, toUserId, createdAt: toInstant(nowMs), expiresAt: toInstant(nowMs + ownershipOfferMs) });
    logger.info({ courseId, byUserId: from, userId: toUserId }, 'course.ownerOffered');
    await notices.add({ userId: toUserId, template: 'courseOffered', path: `/courses/${courseId}`, until: offer.expiresAt });
    return { offer, to };
  }

  /** @throws CodedError `offer.notFound` */
  async withdraw(courseId: CourseId): Promise<void> {
    if (!(await this.#options.store.remove(courseId))) throw gone();
  }

  /** @throws CodedError `offer.notFound` */
  async decline(courseId: CourseId, userId: UserId): Promise<void> {
    await this.#mine(courseId, userId);
    await this.withdraw(courseId);
  }

  /**
   * The offer goes last: accepting it again completes what a process that died has begun.
   * @throws CodedError `offer.notFound`, `enrolment.notFound`, `course.limitReached`
   */
  async accept(courseId: CourseId, { userId, roles }: Pick<Caller, 'userId' | 'roles'>): Promise<void> {
    const { store, courses, courseStore, enrolments, directory, streamKeys, settings, logger } = this.#options;
    await this.#mine(courseId, userId);
    const { ownerId } = await courseStore.get(courseId);
    requireCourseAllowed(settings.current, { roles, courses: (await courseStore.ownedBy(userId)).length });
    // The earlier owner knows it.
    await streamKeys.revokeIfAny(courseId);
    await enrolments.setRole(courseId, userId, 'owner');
    await directory.setRole({ courseId, userId, role: 'owner' });
    const before = UserId.safeParse(ownerId).data;
    if (before !== undefined && before !== userId && (await enrolments.roleOf(before, courseId)) === 'owner') {
      await enrolments.setRole(courseId, before, 'assistant');
      await directory.setRole({ courseId, userId: before, role: 'assistant' });
    }
    await courses.makeFindable(await courseStore.modify(courseId, () => ({ ownerId: userId, updatedAt: this.#now() })));
    await store.remove(courseId);
    logger.info({ courseId, userId, before: ownerId }, 'course.ownerChanged');
  }

  async #mine(courseId: CourseId, userId: UserId): Promise<OfferRow> {
    const offer = await this.#options.store.find(courseId, this.#now());
    if (offer?.toUserId !== userId) throw gone();
    return offer;
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }
}

function mayOwn({ roles }: AccountRow): boolean {
  return roles.includes('instructor') || roles.includes('admin');
}

function gone(): CodedError {
  return new CodedError('offer.notFound', 'This offer has ended. Reload the page.');
}
