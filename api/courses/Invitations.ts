import { CodedError } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import type { AccessPolicy } from '#engine';
import { fromInstant, randomText, toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { invitationMs } from '../limits.ts';
import type { InvitationRow, InvitationStore, InvitedRole } from './InvitationStore.ts';
import type { Members } from './Members.ts';

export interface InvitationsOptions {
  store: InvitationStore;
  members: Members;
  policy: AccessPolicy;
  clock: Clock;
  logger: Logger;
}

/** 130 random bits. */
const tokenLength = 26;

/**
 * One-time links by which an instructor admits a person to a course with a role. An e-mail address is no identity: nobody has
 * confirmed that it belongs to the account. Whoever accepts the link first is admitted.
 */
export class Invitations {
  readonly #options: InvitationsOptions;

  constructor(options: InvitationsOptions) {
    this.#options = options;
  }

  /** The token is shown once. */
  async create(courseId: CourseId, role: InvitedRole, createdBy: UserId): Promise<{ invitation: InvitationRow; token: string }> {
    const { store, clock, logger } = this.#options;
    const token = randomText(tokenLength);
    const nowMs = clock.nowMs();
    const invitation = await store.add({ token, courseId, role, createdBy, createdAt: toInstant(nowMs), expiresAt: toInstant(nowMs + invitationMs) });
    logger.info({ courseId, invitationId: invitation._id, role, userId: createdBy }, 'invitation.created');
    return { invitation, token };
  }

  /** Those that can still be used, newest first. */
  async list(courseId: CourseId): Promise<InvitationRow[]> {
    return (await this.#options.store.unusedOf(courseId)).filter((invitation) => !this.#isExpired(invitation));
  }

  /** @throws CodedError `invitation.invalid` for one that is used, unknown or of another course */
  async revoke(courseId: CourseId, invitationId: string): Promise<void> {
    if (!(await this.#options.store.remove(courseId, invitationId))) throw invalid();
  }

  /** @throws CodedError `invitation.invalid` */
  async read(token: string, reader: UserId): Promise<InvitationRow> {
    const invitation = await this.#options.store.find(token);
    if (!invitation || this.#isExpired(invitation)) throw invalid();
    if (invitation.usedBy !== null && invitation.usedBy !== reader) throw invalid();
    if (!(await this.#isBacked(invitation))) throw invalid();
    return invitation;
  }

  /** Admits a person with the role of the invitation. The same person may repeat it. @throws CodedError `invitation.invalid`, `access.denied` for the owner */
  async accept(token: string, userId: UserId): Promise<CourseId> {
    const { store, members, logger } = this.#options;
    const { _id: invitationId, courseId, role, usedBy } = await this.read(token, userId);
    if (usedBy === userId) return courseId as CourseId;
    if (!(await store.use(invitationId, userId))) throw invalid();
    try {
      await members.admit(courseId as CourseId, userId, role);
    } catch (err) {
      await store.giveBack(invitationId);
      throw err;
    }
    logger.info({ courseId, invitationId, userId, role }, 'invitation.accepted');
    return courseId as CourseId;
  }

  /** The person who created it may still admit people. */
  async #isBacked({ courseId, createdBy }: InvitationRow): Promise<boolean> {
    try {
      await this.#options.policy.requireInCourse(createdBy as UserId, courseId as CourseId, 'course.edit');
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
  return new CodedError('invitation.invalid', 'This invitation is not valid: it was used, withdrawn, or is too old. Ask the instructor for a new one.');
}
