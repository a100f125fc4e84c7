import { createHash } from 'node:crypto';
import { erasedUserId } from '#engine/contract';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export type InvitedRole = Exclude<CourseRole, 'owner'>;

export interface InvitationRow {
  _id: string;
  courseId: string;
  /** SHA-256 of the token, hex: who reads the database cannot use an invitation. */
  hash: string;
  role: InvitedRole;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
  /** People whom it admits. Absent in the one-time invitations of older versions. */
  maxUses?: number;
  note?: string;
  /** The user of a one-time invitation of an older version; null while nobody has used it. */
  usedBy?: string | null;
}

export type NewInvitation = Omit<InvitationRow, '_id' | 'hash' | 'usedBy' | 'maxUses' | 'note'> & { token: string; maxUses: number; note: string };

interface UseRow {
  /** `<invitationId>/<userId>`: a person uses an invitation once. */
  _id: string;
  /** `<invitationId>/<number>`, from 0 to one less than `maxUses`. Unique: an invitation is never used once too often. */
  slot: string;
  invitationId: string;
  courseId: string;
  userId: string;
}

/** The invitation links of courses, and who has used them. Owns the collections `invitations` and `invitationUses`. */
export class InvitationStore {
  readonly #invitations: Collection<InvitationRow>;
  readonly #uses: Collection<UseRow>;

  constructor(database: Database) {
    this.#invitations = database.collection<InvitationRow>({
      name: 'invitations',
      indexes: [{ keys: { hash: 1 }, unique: true }, { keys: { courseId: 1, createdAt: -1 } }, { keys: { createdBy: 1 } }, { keys: { usedBy: 1 } }],
    });
    this.#uses = database.collection<UseRow>({
      name: 'invitationUses',
      indexes: [{ keys: { slot: 1 }, unique: true }, { keys: { invitationId: 1 } }, { keys: { courseId: 1 } }, { keys: { userId: 1 } }],
    });
  }

  async add({ token, ...invitation }: NewInvitation): Promise<InvitationRow> {
    const row: InvitationRow = { _id: newId('inv'), ...invitation, hash: hashOf(token) };
    await this.#invitations.insertOne(row);
    return row;
  }

  async find(token: string): Promise<InvitationRow | undefined> {
    return (await this.#invitations.findOne({ hash: hashOf(token) })) ?? undefined;
  }

  async countUses({ _id, usedBy }: InvitationRow): Promise<number> {
    return (await this.#uses.countDocuments({ invitationId: _id })) + (usedBy ? 1 : 0);
  }

  async hasUsed({ _id, usedBy }: InvitationRow, userId: UserId): Promise<boolean> {
    return usedBy === userId || (await this.#uses.findOne({ _id: `${_id}/${userId}` })) !== null;
  }

  /** Uses an invitation once for this person. False when it is used up, however many people try at the same time. */
  async use(invitation: InvitationRow, userId: UserId): Promise<boolean> {
    if (await this.hasUsed(invitation, userId)) return true;
    for (let slot = await this.#freeSlot(invitation); slot !== undefined; slot = await this.#freeSlot(invitation)) {
      const { _id: invitationId, courseId } = invitation;
      try {
        await this.#uses.insertOne({ _id: `${invitationId}/${userId}`, slot: `${invitationId}/${slot}`, invitationId, courseId, userId });
        return true;
      } catch (err) {
        if (!(err instanceof DuplicateKeyError)) throw err;
        if (await this.hasUsed(invitation, userId)) return true;
      }
    }
    return false;
  }

  async giveBack({ _id }: InvitationRow, userId: UserId): Promise<void> {
    await this.#uses.deleteOne({ _id: `${_id}/${userId}` });
  }

  /** The newest first. */
  async ofCourse(courseId: CourseId): Promise<InvitationRow[]> {
    return this.#invitations.find({ courseId }, { sort: { createdAt: -1 } });
  }

  /** Those that the person has made or used. */
  async ofUser(userId: UserId): Promise<InvitationRow[]> {
    return this.#invitations.find({ $or: [{ createdBy: userId }, { usedBy: userId }] });
  }

  /** Removes the person's invitations, and the person from those of others. */
  async erase(userId: UserId): Promise<void> {
    for (const { _id: invitationId } of await this.#invitations.find({ createdBy: userId })) {
      await this.#uses.deleteMany({ invitationId });
      await this.#invitations.deleteOne({ _id: invitationId });
    }
    await this.#invitations.updateMany({ usedBy: userId }, { $set: { usedBy: erasedUserId } });
    await this.forgetUser(userId);
  }

  async remove(courseId: CourseId, invitationId: string): Promise<boolean> {
    const { deletedCount } = await this.#invitations.deleteOne({ _id: invitationId, courseId });
    if (deletedCount > 0) await this.#uses.deleteMany({ invitationId });
    return deletedCount > 0;
  }

  async removeAll(courseId: CourseId): Promise<void> {
    await this.#invitations.deleteMany({ courseId });
    await this.#uses.deleteMany({ courseId });
  }

  async usesOfUser(userId: UserId): Promise<string[]> {
    return (await this.#uses.find({ userId })).map(({ invitationId }) => invitationId);
  }

  /** Frees no use: the link was used, by a person who is forgotten. */
  async forgetUser(userId: UserId): Promise<void> {
    for (const { _id, ...use } of await this.#uses.find({ userId })) {
      const erased = { ...use, _id: `${use.slot}/erased`, userId: 'erased' };
      await this.#uses.deleteOne({ _id });
      await this.#uses.insertOne(erased).catch((err: unknown) => {
        // Somebody has used it at this moment.
        if (!(err instanceof DuplicateKeyError)) throw err;
      });
    }
  }

  /** Uses are numbered in order; numbers become free only where letting the person in has failed. */
  async #freeSlot(invitation: InvitationRow): Promise<number | undefined> {
    const maxUses = usesOf(invitation);
    if (invitation.usedBy) return undefined;
    const rows = await this.#uses.find({ invitationId: invitation._id });
    if (rows.length >= maxUses) return undefined;
    const taken = new Set(rows.map(({ slot }) => slot));
    for (let slot = rows.length; slot < maxUses; slot += 1) if (!taken.has(`${invitation._id}/${slot}`)) return slot;
    for (let slot = 0; slot < rows.length; slot += 1) if (!taken.has(`${invitation._id}/${slot}`)) return slot;
    return undefined;
  }
}

/** How many people an invitation admits. */
export function usesOf({ maxUses }: Pick<InvitationRow, 'maxUses'>): number {
  return maxUses ?? 1;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
