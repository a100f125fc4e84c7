import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { ManualClock, openTestDatabase, silentLogger } from '#engine/testing';
import { IssuedStreamKey, StreamKeyStatus } from '../contract/index.ts';
import { StreamKeys } from './StreamKeys.ts';

describe('StreamKeys', () => {
  const clock = new ManualClock(Date.UTC(2030, 0, 1, 9));
  const courseId = CourseId.parse(newId('crs'));
  let database: Database;
  let keys: StreamKeys;

  beforeEach(async () => {
    database = await openTestDatabase();
    keys = new StreamKeys({ database, clock, logger: silentLogger });
  });
  afterEach(() => database.close());

  it('issues keys that are hard to guess and safe in a URL, and resolves them to the course', async () => {
    const { key } = IssuedStreamKey.parse(await keys.issue(courseId));
    expect(key).toMatch(/^sk_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(await keys.resolve(key)).toBe(courseId);
  });

  it('invalidates the old key when a new one is issued, and notifies', async () => {
    const replaced: string[] = [];
    keys.onKeyReplaced((event) => replaced.push(event.courseId));
    const { key: old } = await keys.issue(courseId);
    expect(replaced).toEqual([]);
    const { key: fresh } = await keys.issue(courseId);
    expect(replaced).toEqual([courseId]);
    expect(await keys.resolve(old)).toBeUndefined();
    expect(await keys.resolve(fresh)).toBe(courseId);
  });

  it('knows the course of the key that was replaced last', async () => {
    const [oldest, old, fresh] = [await keys.issue(courseId), await keys.issue(courseId), await keys.issue(courseId)];
    expect(await Promise.all([oldest, old, fresh].map(({ key }) => keys.resolveReplaced(key)))).toEqual([undefined, courseId, undefined]);
  });

  it('stores no key, only its hash and last four characters', async () => {
    const { key } = await keys.issue(courseId);
    const rows = database.collection<{ _id: string; courseId: string; hash: string; replacedHash?: string }>({
      name: 'streamKeys',
      indexes: [
        { keys: { courseId: 1 }, unique: true },
        { keys: { hash: 1 }, unique: true },
        { keys: { replacedHash: 1 } },
      ],
    });
    const stored = JSON.stringify(await rows.find({}));
    expect(stored).not.toContain(key.slice(3, 20));
    expect(stored).toContain(key.slice(-4));
  });

  it('describes a key without revealing it', async () => {
    expect(await keys.describe(courseId)).toEqual({ hasKey: false, createdAt: null, lastUsedAt: null, unawaitedAt: null, lastFour: null });
    const { key } = await keys.issue(courseId);
    clock.advance(60_000);
    await keys.noteUnawaited(courseId);
    expect((await keys.describe(courseId)).unawaitedAt).not.toBeNull();
    await keys.noteUse(courseId);
    const status = StreamKeyStatus.parse(await keys.describe(courseId));
    expect(status).toMatchObject({ hasKey: true, lastFour: key.slice(-4) });
    expect(Date.parse(status.lastUsedAt ?? '') - Date.parse(status.createdAt ?? '')).toBe(60_000);
    expect(status.unawaitedAt).toBeNull();
  });

  it('revokes a key, notifies once, and can do it again without an error', async () => {
    const { key } = await keys.issue(courseId);
    const replaced: string[] = [];
    keys.onKeyReplaced((event) => replaced.push(event.courseId));
    await keys.revoke(courseId);
    await keys.revoke(courseId);
    expect(replaced).toEqual([courseId]);
    expect(await keys.resolve(key)).toBeUndefined();
  });

  it.each(['', 'live', 'sk_', '../../etc/passwd', `sk_${'i'.repeat(26)}`, `sk_${'0'.repeat(27)}`, '__proto__'])('resolves %j to no course', async (key) => {
    expect(await keys.resolve(key)).toBeUndefined();
  });
});
