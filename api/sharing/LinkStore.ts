import { createHash } from 'node:crypto';
import type { CourseId, UserId, VideoId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export interface SharingLinkRow {
  _id: string;
  videoId: VideoId;
  courseId: CourseId;
  /** SHA-256 of its token, hex. */
  hash: string;
  label: string;
  sites: string[];
  /** ISO 8601; null: it does not expire. */
  expiresAt: string | null;
  views: number;
  createdBy: UserId | null;
  createdAt: string;
}

/** The sharing links of videos. Owns the collection `sharingLinks`. Only the hash of a token is stored. */
export class LinkStore {
  readonly #links: Collection<SharingLinkRow>;

  constructor(database: Database) {
    this.#links = database.collection<SharingLinkRow>({
      name: 'sharingLinks',
      indexes: [{ keys: { hash: 1 }, unique: true }, { keys: { videoId: 1, createdAt: -1 } }, { keys: { createdBy: 1 } }],
    });
  }

  async add({ token, ...link }: Omit<SharingLinkRow, '_id' | 'hash' | 'views'> & { token: string }): Promise<SharingLinkRow> {
    const row: SharingLinkRow = { _id: newId('shl'), ...link, hash: hashOf(token), views: 0 };
    await this.#links.insertOne(row);
    return row;
  }

  /** The look-up is by hash, so its duration reveals nothing about existing tokens. */
  async findByToken(token: string): Promise<SharingLinkRow | undefined> {
    return (await this.#links.findOne({ hash: hashOf(token) })) ?? undefined;
  }

  async find(linkId: string): Promise<SharingLinkRow | undefined> {
    return (await this.#links.findOne({ _id: linkId })) ?? undefined;
  }

  async ofVideo(videoId: VideoId): Promise<SharingLinkRow[]> {
    return this.#links.find({ videoId }, { sort: { createdAt: -1 } });
  }

  async countView(linkId: string): Promise<void> {
    await this.#links.updateOne({ _id: linkId }, { $inc: { views: 1 } });
  }

  /** False when the video has no such link. */
  async remove(videoId: VideoId, linkId: string): Promise<boolean> {
    return (await this.#links.deleteOne({ _id: linkId, videoId })).deletedCount === 1;
  }

  async removeVideo(videoId: string): Promise<void> {
    await this.#links.deleteMany({ videoId: videoId as VideoId });
  }

  async createdBy(userId: UserId): Promise<SharingLinkRow[]> {
    return this.#links.find({ createdBy: userId });
  }

  /** The links stay: they belong to the course. */
  async forgetCreator(userId: UserId): Promise<void> {
    await this.#links.updateMany({ createdBy: userId }, { $set: { createdBy: null } });
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
