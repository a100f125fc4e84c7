import { describe, expect, it } from 'vitest';
import { VideoId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { videoCollection } from '#recorder';
import { maxPinnedComments } from '../contract/index.ts';
import type { Discussion } from '../contract/index.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';
import { heldBecause } from './heldBecause.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

const usual: Discussion = { isOpen: true, hold: 'none', blockedWords: [], pauseSeconds: 0 };

/** A recorded lecture of a course with two students. */
async function recorded() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } });
  const [sam, tia] = [await site.signup(`sam${(count += 1)}`), await site.signup(`tia${count}`)];
  for (const student of [sam, tia]) await student.api.enrol({ params: { courseId } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  const row = await site.recordVideo({ courseId, lectureId, title: 'Waves' });
  const videoId = VideoId.parse(row._id);
  return { courseId, lectureId, videoId, sam, tia, video: { params: { videoId } }, lecture: { params: { lectureId } } };
}

const post = (who: Browser, video: { params: { videoId: VideoId } }, comment: string | { text: string; replyToId?: string; atSeconds?: number }) => {
  site.clock.advance(1000);
  return who.api.postVideoComment({ ...video, body: typeof comment === 'string' ? { text: comment } : comment });
};
const at = (courseId: CourseId, commentId: string) => ({ params: { courseId, commentId } });

describe('comments', () => {
  it('on a recording are those on its lecture, in threads of one level, with their moment and their numbers', async () => {
    const { courseId, sam, tia, video, lecture } = await recorded();
    const first = await post(sam, video, { text: 'Why **blue**?', atSeconds: 12.5 });
    const reply = await post(ada, video, { text: 'Short waves scatter more.', replyToId: first.id });
    const second = await post(tia, video, { text: 'Thanks!', replyToId: reply.id });
    expect(first).toMatchObject({ author: { displayName: expect.any(String) }, authorRole: 'student', atSeconds: 12.5, threadId: null, state: 'shown', replyCount: 0 });
    expect(reply).toMatchObject({ threadId: first.id, replyToId: null, authorRole: 'owner' });
    expect(second).toMatchObject({ threadId: first.id, replyToId: reply.id });
    for (const page of [await tia.api.listVideoComments(video), await tia.api.listLectureComments(lecture)]) {
      expect(page).toMatchObject({ count: 3, isOpen: true, obstacle: null, nextCursor: null, comments: [{ id: first.id, replyCount: 2, hasAnswer: false }] });
    }
    expect((await tia.api.listReplies(at(courseId, first.id))).replies.map(({ id }) => id)).toEqual([reply.id, second.id]);
    expect(await tia.api.listCommentMoments(video)).toEqual({ moments: [{ commentId: first.id, atSeconds: 12.5 }] });
    await tia.api.rateComment({ ...at(courseId, reply.id), body: { rating: 'like' } });
    expect((await sam.api.getComment(at(courseId, reply.id))).ratings).toEqual({ likes: 1, dislikes: null, mine: null });
    expect((await ada.api.getComment(at(courseId, reply.id))).ratings).toEqual({ likes: 1, dislikes: 0, mine: null });
  });

  it('come in pages of each order that miss none and repeat none', async () => {
    const { sam, courseId, video } = await recorded();
    const texts = ['a', 'b', 'c', 'd', 'e'];
    const ids = new Map<string, string>();
    for (const [index, text] of texts.entries()) ids.set(text, (await post(sam, video, { text, ...(index === 3 ? {} : { atSeconds: 50 - index }) })).id);
    await ada.api.rateComment({ ...at(courseId, ids.get('b') ?? ''), body: { rating: 'like' } });
    const read = async (order: 'newest' | 'oldest' | 'top' | 'moment') => {
      const seen: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await sam.api.listVideoComments({ ...video, query: { order, limit: 2, ...(cursor === undefined ? {} : { cursor }) } });
        seen.push(...page.comments.map(({ text }) => text));
        cursor = page.nextCursor;
      }
      return seen.join('');
    };
    expect(await read('newest')).toBe('edcba');
    expect(await read('oldest')).toBe('abcde');
    expect(await read('moment')).toBe('ecba');
    expect((await read('top')).startsWith('b')).toBe(true);
  });

  it('are changed by their author only, whose earlier texts moderators can read', async () => {
    const { courseId, sam, tia, video } = await recorded();
    const { id } = await post(sam, video, 'Frist');
    const edited = await sam.api.updateComment({ ...at(courseId, id), body: { text: 'First' } });
    expect(edited).toMatchObject({ text: 'First', editedAt: expect.any(String) });
    expect((await ada.api.getComment(at(courseId, id))).edits.map(({ text }) => text)).toEqual(['Frist']);
    expect((await tia.api.getComment(at(courseId, id))).edits).toEqual([]);
    expect(await refusal(tia.api.updateComment({ ...at(courseId, id), body: { text: 'Mine' } }))).toMatchObject({ status: 403, code: 'comment.notYours' });
    expect(await refusal(ada.api.updateComment({ ...at(courseId, id), body: { text: 'Mine' } }))).toMatchObject({ code: 'comment.notYours' });
    expect(await refusal(tia.api.deleteComment(at(courseId, id)))).toMatchObject({ code: 'comment.notYours' });
  });

  it('that are deleted leave their replies, and go with the last of them', async () => {
    const { courseId, sam, tia, video } = await recorded();
    const thread = await post(sam, video, 'Question');
    const reply = await post(tia, video, { text: 'Answer', replyToId: thread.id });
    await sam.api.deleteComment(at(courseId, thread.id));
    expect((await tia.api.listVideoComments(video)).comments).toMatchObject([{ id: thread.id, state: 'deleted', text: '', author: null, replyCount: 1 }]);
    expect(await refusal(tia.api.postVideoComment({ ...video, body: { text: 'Late', replyToId: thread.id } }))).toMatchObject({ status: 404, code: 'comment.notFound' });
    await ada.api.deleteComment(at(courseId, reply.id));
    expect(await tia.api.listVideoComments(video)).toMatchObject({ comments: [], count: 0 });
  });

  it('are pinned above the others, and a reply is marked as the answer, by moderators', async () => {
    const { courseId, sam, tia, video } = await recorded();
    const thread = await post(sam, video, 'Question');
    const reply = await post(tia, video, { text: 'Answer', replyToId: thread.id });
    for (let index = 1; index < maxPinnedComments; index += 1) await ada.api.pinComment({ ...at(courseId, (await post(ada, video, `Note ${index}`)).id), body: { isPinned: true } });
    await ada.api.pinComment({ ...at(courseId, thread.id), body: { isPinned: true } });
    await ada.api.markAnswer({ ...at(courseId, reply.id), body: { isAnswer: true } });
    const page = await sam.api.listVideoComments(video);
    expect(page.pinned).toHaveLength(maxPinnedComments);
    expect(page.comments).toEqual([]);
    expect(page.pinned.find(({ id }) => id === thread.id)).toMatchObject({ isPinned: true, hasAnswer: true });
    const another = await post(tia, video, 'Another');
    expect(await refusal(ada.api.pinComment({ ...at(courseId, another.id), body: { isPinned: true } }))).toMatchObject({ code: 'limit.reached' });
    expect(await refusal(ada.api.pinComment({ ...at(courseId, reply.id), body: { isPinned: true } }))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(sam.api.pinComment({ ...at(courseId, another.id), body: { isPinned: true } }))).toMatchObject({ code: 'access.denied' });
  });

  it('name people of the course whom their text mentions', async () => {
    const { sam, tia, video, courseId } = await recorded();
    const stranger = await site.signup(`stranger${count}`);
    const [{ id: tiaId, displayName }, { id: strangerId }] = [await tia.api.getProfile({}), await stranger.api.getProfile({})];
    const posted = await sam.api.postVideoComment({ ...video, body: { text: `Ask @${displayName}`, mentions: [tiaId, strangerId] } });
    expect(posted.mentions.map(({ userId }) => userId)).toEqual([tiaId]);
    expect((await sam.api.postVideoComment({ ...video, body: { text: 'No name', mentions: [tiaId] } })).mentions).toEqual([]);
    const { people } = await sam.api.listMentionable({ params: { courseId }, query: { prefix: displayName.slice(0, 3).toUpperCase() } });
    expect(people).toEqual([{ userId: tiaId, displayName, avatarId: null }]);
  });

  it('at a moment that is cut have none, and those behind it move', async () => {
    const { sam, video, videoId } = await recorded();
    await post(sam, video, { text: 'inside', atSeconds: 15 });
    await post(sam, video, { text: 'behind', atSeconds: 40 });
    await site.database.collection(videoCollection).updateOne({ _id: videoId }, { $set: { cuts: [{ id: 'cut_1', startMs: 10_000, endMs: 20_000, cutAt: '2030-01-01T00:00:00.000Z', cutBy: null, purgedAt: null }] } });
    const { comments } = await sam.api.listVideoComments({ ...video, query: { order: 'oldest' } });
    expect(comments.map(({ text, atSeconds }) => [text, atSeconds])).toEqual([['inside', null], ['behind', 30]]);
    // Written by somebody who sees the edited video.
    await post(sam, video, { text: 'after', atSeconds: 30 });
    expect((await sam.api.listCommentMoments(video)).moments.map(({ atSeconds }) => atSeconds)).toEqual([30, 30]);
  });
});

describe('moderation', () => {
  it('holds comments with links or blocked words until a moderator approves them', async () => {
    const { courseId, sam, tia, video } = await recorded();
    await ada.api.updateDiscussion({ params: { courseId }, body: { ...usual, hold: 'links', blockedWords: ['Spam'] } });
    const held = await post(sam, video, 'Buy at www.example.com');
    const word = await post(sam, video, 'No SPÁM please');
    expect([held.state, word.state, (await post(sam, video, 'A spammer is fine')).state]).toEqual(['held', 'held', 'shown']);
    expect((await tia.api.listVideoComments(video)).comments).toHaveLength(1);
    expect((await sam.api.listVideoComments(video)).comments).toHaveLength(3);
    expect(await refusal(tia.api.getComment(at(courseId, held.id)))).toMatchObject({ code: 'comment.notFound' });
    expect((await ada.api.listHeldComments({ params: { courseId } })).comments.map(({ id }) => id)).toEqual([held.id, word.id]);
    await ada.api.approveComment(at(courseId, held.id));
    expect((await tia.api.listVideoComments(video)).comments).toHaveLength(2);
    // What was shown is held again when its new text has a blocked word.
    expect(await sam.api.updateComment({ ...at(courseId, held.id), body: { text: 'spam' } })).toMatchObject({ state: 'held' });
    expect((await post(ada, video, 'https://example.com')).state).toBe('shown');
  });

  it('switches comments off for a course or a video, mutes people for a time, and slows them down', async () => {
    const { courseId, sam, video } = await recorded();
    const { id: samId } = await sam.api.getProfile({});
    await ada.api.setVideoDiscussion({ ...video, body: { isOpen: false } });
    expect(await refusal(post(sam, video, 'x'))).toMatchObject({ status: 403, code: 'comment.closed' });
    expect(await sam.api.listVideoComments(video)).toMatchObject({ isOpen: false, obstacle: 'closed' });
    await post(ada, video, 'A moderator may.');
    await ada.api.setVideoDiscussion({ ...video, body: { isOpen: true } });
    await ada.api.mutePerson({ params: { courseId, userId: samId }, body: { hours: 1 } });
    expect(await refusal(post(sam, video, 'x'))).toMatchObject({ status: 403, code: 'comment.muted' });
    expect((await ada.api.listMuted({ params: { courseId } })).muted).toMatchObject([{ person: { userId: samId } }]);
    await ada.api.unmutePerson({ params: { courseId, userId: samId } });
    await ada.api.updateDiscussion({ params: { courseId }, body: { ...usual, pauseSeconds: 60 } });
    await post(sam, video, 'one');
    expect(await refusal(post(sam, video, 'two'))).toMatchObject({ status: 429, code: 'comment.tooSoon' });
    site.clock.advance(60_000);
    await post(sam, video, 'two');
    expect(await refusal(ada.api.mutePerson({ params: { courseId, userId: (await ada.api.getProfile({})).id }, body: { hours: null } }))).toMatchObject({ code: 'enrolment.notFound' });
  });

  it('lets nobody see comments who may not watch what they are about', async () => {
    const { courseId, sam, video, videoId } = await recorded();
    const { id } = await post(sam, video, 'x');
    await site.database.collection(videoCollection).updateOne({ _id: videoId }, { $set: { visibleFrom: '2099-01-01T00:00:00.000Z' } });
    expect(await refusal(sam.api.listVideoComments(video))).toMatchObject({ code: 'video.hidden' });
    const stranger = await site.signup(`other${count}`);
    for (const asked of [stranger.api.getComment(at(courseId, id)), stranger.api.listReplies(at(courseId, id)), stranger.api.rateComment({ ...at(courseId, id), body: { rating: 'like' } })]) expect(await refusal(asked)).toMatchObject({ code: 'access.denied' });
    const other = await recorded();
    expect(await refusal(ada.api.getComment(at(other.courseId, id)))).toMatchObject({ code: 'comment.notFound' });
  });
});

describe('likes and dislikes', () => {
  it('are one for each person, exact under a thousand simultaneous changes', async () => {
    const { sam, tia, video, courseId } = await recorded();
    const { id } = await post(ada, video, 'x');
    const ratings = ['like', 'dislike', null] as const;
    const people = [sam, tia, ada];
    const changes = Array.from({ length: 240 }, (_, index) => people[index % 3]!.api.rateVideo({ ...video, body: { rating: ratings[(index * 7) % 3] ?? null } }));
    await Promise.all(changes);
    await Promise.all(people.map((person) => person.api.rateVideo({ ...video, body: { rating: 'like' } })));
    expect(await ada.api.getVideoRating(video)).toEqual({ likes: 3, dislikes: 0, mine: 'like' });
    await sam.api.rateVideo({ ...video, body: { rating: 'dislike' } });
    expect(await sam.api.getVideoRating(video)).toEqual({ likes: 2, dislikes: null, mine: 'dislike' });
    expect((await ada.api.listRatings({ params: { courseId } })).videos).toMatchObject([{ title: 'Waves', likes: 2, dislikes: 1 }]);
    await tia.api.rateComment({ ...at(courseId, id), body: { rating: 'like' } });
    expect(await tia.api.rateComment({ ...at(courseId, id), body: { rating: null } })).toMatchObject({ likes: 0, mine: null });
  });
});

describe('a blocked word', () => {
  it.each([
    ['spam', 'SPAM!', true],
    ['spam', 'spammer', false],
    ['c++', 'I like C++.', true],
    ['naïve', 'naive', true],
    ['two words', 'These two words here', true],
    ['(', 'a ( b', true],
  ])('%s in "%s": %s', (word, text, isHeld) => {
    expect(heldBecause(text, { hold: 'none', blockedWords: [word] })).toBe(isHeld ? 'word' : null);
  });

  it('and links are found without a scheme', () => {
    for (const text of ['http://a.b', 'see www.x.y', '[a](b)', 'example.com/x']) expect(heldBecause(text, { hold: 'links', blockedWords: [] }), text).toBe('link');
    for (const text of ['Version 3.5 is out', 'e.g. this', 'x = a.b']) expect(heldBecause(text, { hold: 'links', blockedWords: [] }), text).toBeNull();
  });
});
