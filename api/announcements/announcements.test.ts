import { describe, expect, it } from 'vitest';
import type { CourseId } from '#engine/contract';
import { announcementPersonalData } from './announcementPersonalData.ts';
import { maxAnnouncementLength } from '../contract/index.ts';
import { maxPinned } from '../learningLimits.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

async function newCourse() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics' } });
  const sam = await (await site.signup(`reader${(count += 1)}`)).join(ada, courseId, 'student');
  return { courseId, course: { params: { courseId } }, sam };
}

const post = (courseId: CourseId, title: string, isPinned = false) => {
  site.clock.advance(1000);
  return ada.api.postAnnouncement({ params: { courseId }, body: { title, text: `**${title}**\n\nSee you.`, isPinned } });
};

describe('announcements', () => {
  it('are listed newest first, the pinned ones above, in pages that miss none and repeat none', async () => {
    const { courseId, course, sam } = await newCourse();
    for (const title of ['1', '2', '3', '4', '5']) await post(courseId, title);
    await post(courseId, 'pinned', true);
    // Two of the same instant.
    await ada.api.postAnnouncement({ ...course, body: { title: '6', text: '' } });
    await ada.api.postAnnouncement({ ...course, body: { title: '7', text: '' } });
    const first = await sam.api.listAnnouncements({ ...course, query: { limit: 1 } });
    expect(first.pinned).toMatchObject([{ title: 'pinned', isPinned: true, authorName: 'Ada', text: '**pinned**\n\nSee you.', editedAt: null }]);
    const titles: string[] = first.announcements.map(({ title }) => title);
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const page = await sam.api.listAnnouncements({ ...course, query: { limit: 2, cursor } });
      expect(page.pinned).toEqual([]);
      titles.push(...page.announcements.map(({ title }) => title));
      cursor = page.nextCursor;
    }
    expect(new Set(titles.slice(0, 2))).toEqual(new Set(['6', '7']));
    expect(titles.slice(2)).toEqual(['5', '4', '3', '2', '1']);
    expect(await refusal(sam.api.listAnnouncements({ ...course, query: { cursor: 'WyJ4IiwxLCJ4Il0' } }))).toMatchObject({ code: 'page.notFound' });
  });

  it('are unread until the reader has seen them; those of others only', async () => {
    const { courseId, course, sam } = await newCourse();
    const first = await post(courseId, 'First');
    await post(courseId, 'Second', true);
    expect(await sam.api.listAnnouncements(course)).toMatchObject({ unreadCount: 2, pinned: [{ isUnread: true }], announcements: [{ isUnread: true }] });
    expect(await ada.api.listAnnouncements(course)).toMatchObject({ unreadCount: 0, pinned: [{ isUnread: false }] });
    await sam.api.readAnnouncements({ ...course, body: { until: first.createdAt } });
    expect(await sam.api.listAnnouncements(course)).toMatchObject({ unreadCount: 1, pinned: [{ isUnread: true }], announcements: [{ isUnread: false }] });
    await sam.api.readAnnouncements({ ...course, body: { until: '2999-01-01T00:00:00.000Z' } });
    await sam.api.readAnnouncements({ ...course, body: { until: first.createdAt } });
    expect(await sam.api.listAnnouncements(course)).toMatchObject({ unreadCount: 0 });
    await post(courseId, 'Third');
    expect(await sam.api.listAnnouncements(course)).toMatchObject({ unreadCount: 1 });
  });

  it('are edited, pinned and deleted; pinning says no edit', async () => {
    const { courseId, course } = await newCourse();
    const { id: announcementId } = await post(courseId, 'Frist');
    const one = { params: { courseId, announcementId } };
    expect(await ada.api.updateAnnouncement({ ...one, body: { isPinned: true } })).toMatchObject({ isPinned: true, editedAt: null });
    expect(await ada.api.updateAnnouncement({ ...one, body: { title: 'First' } })).toMatchObject({ title: 'First', text: '**Frist**\n\nSee you.', editedAt: expect.any(String) as string });
    const other = await newCourse();
    const elsewhere = { params: { courseId: other.courseId, announcementId } };
    expect(await refusal(ada.api.updateAnnouncement({ ...elsewhere, body: { title: 'Stolen' } }))).toMatchObject({ code: 'announcement.notFound', status: 404 });
    expect(await refusal(ada.api.deleteAnnouncement(elsewhere))).toMatchObject({ code: 'announcement.notFound' });
    await ada.api.deleteAnnouncement(one);
    expect(await refusal(ada.api.deleteAnnouncement(one))).toMatchObject({ code: 'announcement.notFound' });
    expect(await ada.api.listAnnouncements(course)).toMatchObject({ pinned: [], announcements: [] });
  });

  it('are bounded: their text, and the pinned ones of a course', async () => {
    const { courseId, course } = await newCourse();
    for (let number = 0; number < maxPinned; number += 1) await post(courseId, `Pinned ${number}`, true);
    const [first] = (await ada.api.listAnnouncements(course)).pinned;
    expect(await ada.api.updateAnnouncement({ params: { courseId, announcementId: first?.id ?? '' }, body: { title: 'Edited', isPinned: true } })).toMatchObject({ title: 'Edited' });
    expect(await refusal(post(courseId, 'One more', true))).toMatchObject({ errors: [{ path: 'isPinned' }] });
    const long = (length: number) => ada.api.postAnnouncement({ ...course, body: { title: 'Long', text: 'x'.repeat(length) } });
    expect((await long(maxAnnouncementLength)).text).toHaveLength(maxAnnouncementLength);
    expect(await refusal(long(maxAnnouncementLength + 1))).toMatchObject({ errors: [{ path: 'text' }] });
    expect(await refusal(ada.api.postAnnouncement({ ...course, body: { title: '\u200b ', text: '' } }))).toMatchObject({ errors: [{ path: 'title' }] });
  });

  it('are not overwritten by somebody who started from an earlier version', async () => {
    const { courseId } = await newCourse();
    const { id: announcementId } = await post(courseId, 'First');
    const one = { params: { courseId, announcementId } };
    const [seen, seenByOther] = [await ada.api.getAnnouncement(one), await ada.api.getAnnouncement(one)];
    await ada.api.updateAnnouncement({ ...one, body: { text: 'Room 4' } }, { ifUnchanged: seen });
    expect(await refusal(ada.api.updateAnnouncement({ ...one, body: { text: 'Room 5' } }, { ifUnchanged: seenByOther }))).toMatchObject({ code: 'version.changed', status: 412, details: { changed: [{ field: 'text', yours: 'Room 5', current: 'Room 4' }] } });
    expect(await ada.api.getAnnouncement(one)).toMatchObject({ text: 'Room 4' });
  });

  it('are posted by instructors and assistants, and read by members only', async () => {
    const { courseId, course, sam } = await newCourse();
    const { id: announcementId } = await post(courseId, 'First');
    const tom = await (await site.signup(`announcer${count}`)).join(ada, courseId, 'assistant');
    const one = { params: { courseId, announcementId } };
    const body = { title: 'Mine', text: '' };
    for (const call of [() => sam.api.postAnnouncement({ ...course, body }), () => sam.api.updateAnnouncement({ ...one, body }), () => sam.api.deleteAnnouncement(one)]) expect(await refusal(call())).toMatchObject({ code: 'access.denied' });
    expect(await tom.api.postAnnouncement({ ...course, body })).toMatchObject({ authorName: `announcer${count}` });
    const stranger = await site.signup(`stranger${count}`);
    expect(await refusal(stranger.api.listAnnouncements(course))).toMatchObject({ code: 'access.denied' });
  });
});

describe('the announcements of an erased person', () => {
  it('stay without the author, the name and the address; what the person has read is gone', async () => {
    const { courseId, course, sam } = await newCourse();
    const tom = await (await site.signup(`erased${count}`)).join(ada, courseId, 'assistant');
    const [name, email] = [`erased${count}`, `erased${count}@example.org`];
    await tom.api.postAnnouncement({ ...course, body: { title: `By ${name}`, text: `Write to ${email}.` } });
    const { createdAt } = await post(courseId, 'Of Ada');
    await tom.api.readAnnouncements({ ...course, body: { until: createdAt } });
    await announcementPersonalData({ database: site.database } as never).erase({ userId: tom.userId, email, displayName: name } as never);
    const { announcements } = await sam.api.listAnnouncements(course);
    expect(announcements).toMatchObject([{ title: 'Of Ada' }, { title: 'By […]', text: 'Write to […].', authorName: 'Former instructor' }]);
    expect(await announcementPersonalData({ database: site.database } as never).rows({ userId: tom.userId } as never)).toEqual([]);
  });
});
