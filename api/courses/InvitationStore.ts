import { createHash } from 'node:crypto';
import { erasedUserId } from '#engine/contract';
import type { CourseId, CourseRole, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
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
  /** The user who accepted it; null while nobody has. */
  usedBy: string | null;
}

/** The one-time invitations to courses. Owns the collection `invitations`. */
export class InvitationStore {
  readonly #invitations: Collection<InvitationRow>;

  constructor(database: Database) {
    this.#invitations = database.collection<InvitationRow>({
      name: 'invitations',
      indexes: [{ keys: { hash: 1 }, unique: true }, { keys: { courseId: 1, createdAt: -1 } }, { keys: { createdBy: 1 } }, { keys: { usedBy: 1 } }],
    });
  }

  async add({ token, ...invitation }: Omit<InvitationRow, '_id' | 'hash' | 'usedBy'> & { token: string }): Promise<InvitationRow> {
    const row: InvitationRow = { _id: newId('inv'), ...invitation, hash: hashOf(token), usedBy: null };
    await this.#invitations.insertOne(row);
    return row;
  }

  async find(token: string): Promise<InvitationRow | undefined> {
    return (await this.#invitations.findOne({ hash: hashOf(token) })) ?? undefined;
  }

  /** Of two concurrent calls for one invitation, one succeeds. */
  async use(invitationId: string, userId: UserId): Promise<boolean> {
    return (await this.#invitations.findOneAndUpdate({ _id: invitationId, usedBy: null }, { $set: { usedBy: userId } }, { returnDocument: 'after' })) !== null;
  }

  async giveBack(invitationId: string): Promise<void> {
    await this.#invitations.updateOne({ _id: invitationId }, { $set: { usedBy: null } });
  }

  /** The unused ones, newest first. */
  async unusedOf(courseId: CourseId): Promise<InvitationRow[]> {
    return (await this.#invitations.find({ courseId }, { sort: { createdAt: -1 } })).filter(({ usedBy }) => usedBy === null);
  }

  /** Those that the person has made or used. */
  async ofUser(userId: UserId): Promise<InvitationRow[]> {
    return this.#invitations.find({ $or: [{ createdBy: userId }, { usedBy: userId }] });
  }

  /** Removes the person's unused invitations, and the person from the others. */
  async erase(userId: UserId): Promise<void> {
    await this.#invitations.deleteMany({ createdBy: userId, usedBy: null });
    await this.#invitations.updateMany({ createdBy: userId }, { $set: { createdBy: erasedUserId } });
    await this.#invitations.updateMany({ usedBy: userId }, { $set: { usedBy: erasedUserId } });
  }

  async remove(courseId: CourseId, invitationId: string): Promise<boolean> {
    return (await this.#invitations.deleteOne({ _id: invitationId, courseId })).deletedCount > 0;
  }

  async removeAll(courseId: CourseId): Promise<void> {
    await this.#invitations.deleteMany({ courseId });
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
