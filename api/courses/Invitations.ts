import { CodedError, CourseId, UserId } from '#engine/contract';
import type { AccessPolicy } from '#engine';
import { fromInstant, randomText, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { maxInvitationsPerCourse } from '../contract/index.ts';
import { dayMs } from '../limits.ts';
import { usesOf } from './InvitationStore.ts';
import type { InvitationRow, InvitationStore, InvitedRole } from './InvitationStore.ts';
import type { Members } from './Members.ts';

export interface InvitationsOptions {
  store: InvitationStore;
  members: Members;
  policy: AccessPolicy;
  clock: Clock;
  logger: Logger;
}

export interface InvitationForm {
  role: InvitedRole;
  maxUses: number;
  validDays: number;
  note: string;
}

/** 130 random bits. */
const tokenLength = 26;

/**
 * Links by which an instructor admits people to a course with a role, each a number of times and for a number of days. An e-mail address
 * is no identity here: whoever accepts the link first is admitted.
 */
export class Invitations {
  readonly #options: InvitationsOptions;

  constructor(options: InvitationsOptions) {
    this.#options = options;
  }

  /** The token is shown once. @throws CodedError `request.invalid` for too many links */
  async create(courseId: CourseId, { validDays, ...form }: InvitationForm, createdBy: UserId): Promise<{ invitation: InvitationRow; token: string }> {
    const { store, clock, logger } = this.#options;
    const open = await this.list(courseId);
    if (open.length >= maxInvitationsPerCourse) throw new CodedError('limit.reached', `A course has at most ${maxInvitationsPerCourse} invitation links. Withdraw one first.`);
    const token = randomText(tokenLength);
    const nowMs = clock.nowMs();
    const invitation = await store.add({ token, courseId, ...form, createdBy, createdAt: toInstant(nowMs), expiresAt: toInstant(nowMs + validDays * dayMs) });
    logger.info({ courseId, invitationId: invitation._id, role: form.role, maxUses: form.maxUses, userId: createdBy }, 'invitation.created');
    return { invitation, token };
  }

  /** Those that can still be used, newest first. */
  async list(courseId: CourseId): Promise<{ invitation: InvitationRow; uses: number }[]> {
    const rows = (await this.#options.store.ofCourse(courseId)).filter((invitation) => !this.#isExpired(invitation));
    const counted = await Promise.all(rows.map(async (invitation) => ({ invitation, uses: await this.#options.store.countUses(invitation) })));
    return counted.filter(({ invitation, uses }) => uses < usesOf(invitation));
  }

  /** @throws CodedError `invitation.invalid` for one that is unknown or of another course */
  async revoke(courseId: CourseId, invitationId: string): Promise<void> {
    if (!(await this.#options.store.remove(courseId, invitationId))) throw invalid();
  }

  /** @throws CodedError `invitation.invalid`, `invitation.expired`, `invitation.usedUp` unless this person has used it */
  async read(token: string, reader: UserId): Promise<{ invitation: InvitationRow; usesLeft: number }> {
    const { store } = this.#options;
    const invitation = await store.find(token);
    if (!invitation) throw invalid();
    if (this.#isExpired(invitation)) throw new CodedError('invitation.expired', 'This invitation has expired. Ask the instructor for a new one.');
    if (!(await this.#isBacked(invitation))) throw invalid();
    const usesLeft = Math.max(0, usesOf(invitation) - (await store.countUses(invitation)));
    if (usesLeft === 0 && !(await store.hasUsed(invitation, reader))) throw usedUp();
    return { invitation, usesLeft };
  }

  /**
   * Admits a person with the role of the invitation, or puts a student on the waiting list of a full course. The same person may
   * repeat it; a role is raised and never lowered. Someone who was removed needs a newer link that works once: one for many may reach
   * anybody.
   * @throws CodedError `invitation.invalid`, `invitation.expired`, `invitation.usedUp`, `enrolment.removed`, `access.denied` for the owner
   */
  async accept(token: string, userId: UserId): Promise<{ courseId: CourseId; outcome: 'enrolled' | 'alreadyIn' | 'waiting' }> {
    const { store, members, logger } = this.#options;
    const { invitation } = await this.read(token, userId);
    const { _id: invitationId, role, createdAt } = invitation;
    const courseId = CourseId.parse(invitation.courseId);
    const standing = await members.roleOf(courseId, userId);
    if (standing === 'owner') throw new CodedError('access.denied', 'The role of the owner cannot be changed: every course has one owner.');
    if (standing === role || standing === 'assistant') return { courseId, outcome: 'alreadyIn' };
    await members.requireNotRemovedSince(courseId, userId, usesOf(invitation) === 1 ? createdAt : undefined);
    if (!(await store.use(invitation, userId))) throw usedUp();
    try {
      const { outcome } = await members.admit(courseId, userId, role);
      logger.info({ courseId, invitationId, userId, role, outcome }, 'invitation.accepted');
      return { courseId, outcome };
    } catch (err) {
      await store.giveBack(invitation, userId);
      throw err;
    }
  }

  /** The person who created it may still admit people. */
  async #isBacked({ courseId, createdBy }: InvitationRow): Promise<boolean> {
    try {
      await this.#options.policy.requireInCourse(UserId.parse(createdBy), CourseId.parse(courseId), 'course.edit');
      return true;
    } catch (err) {
      if (err instanceof CodedError && (err.code === 'access.denied' || err.code === 'enrolment.removed')) return false;
      throw err;
    }
  }

  #isExpired({ expiresAt }: InvitationRow): boolean {
    return fromInstant(expiresAt) <= this.#options.clock.nowMs();
  }
}

function invalid(): CodedError {
  return new CodedError('invitation.invalid', 'This invitation is not valid: it was withdrawn, or the link is incomplete. Ask the instructor for a new one.');
}

function usedUp(): CodedError {
  return new CodedError('invitation.usedUp', 'This invitation has been used as often as it allows. Ask the instructor for a new one.');
}
