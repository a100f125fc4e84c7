import sharp from 'sharp';
import { expect, it } from 'vitest';
import { maxAskedPeople, routes } from '../contract/index.ts';
import type { RouteName, RouteSpec } from '../contract/index.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { Browser, TestApi } from '../testing/index.ts';

const face = async () => new Uint8Array(await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } }).png().toBuffer());

/** A live lecture of Ada with an assistant and two students, who wrote in its chat, and its recording. */
async function openClass(site: TestApi) {
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  const [tom, sam, lena, stranger] = await Promise.all(['tom', 'sam', 'lena', 'stranger'].map((name) => site.signup(name)));
  if (!tom || !sam || !lena || !stranger) throw new Error('nobody signed up');
  await tom.join(ada, courseId, 'assistant');
  for (const student of [sam, lena]) await student.join(ada, courseId, 'student');
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  for (const [who, role] of [[ada, 'owner'], [sam, 'student'], [lena, 'student']] as const) {
    const { lecture, participant } = site.enter(lectureId, who, role);
    await lecture.chat.post(participant, 'Hello');
  }
  return { ada, tom, sam, lena, stranger, courseId, lectureId };
}

const ask = (who: Browser, lectureId: string, people: readonly Browser[]) =>
  who.api.listLecturePeople({ params: { lectureId }, query: { userIds: people.map(({ userId }) => userId).join(',') } });

it('a student sees the name and the picture of fellow students, and nothing of people outside the course', async () => {
  const site = await startTestApi();
  const { sam, lena, stranger, lectureId } = await openClass(site);
  const { avatarId } = await lena.api.setAvatar({ body: await face() });
  const { people } = await ask(sam, lectureId, [lena, stranger, sam]);
  const byName = (name: string) => people.find(({ displayName }) => displayName === name);
  expect(people).toHaveLength(2);
  expect(byName('lena')).toEqual({ userId: lena.userId, displayName: 'lena', avatarId });
  expect(byName('sam')).toEqual({ userId: sam.userId, displayName: 'sam', avatarId: null });
  await lena.api.deleteAvatar();
  expect((await ask(sam, lectureId, [lena])).people).toMatchObject([{ avatarId: null }]);
});

it('people outside the course see nobody in it, and no list is too long', async () => {
  const site = await startTestApi();
  const { sam, stranger, lectureId } = await openClass(site);
  expect(await refusal(ask(stranger, lectureId, [sam]))).toMatchObject({ code: 'access.denied' });
  const tooMany = Array.from({ length: maxAskedPeople + 1 }, () => sam);
  expect(await refusal(ask(sam, lectureId, tooMany))).toMatchObject({ code: 'request.invalid' });
  expect(await refusal(sam.api.listLecturePeople({ params: { lectureId }, query: { userIds: '' } }))).toMatchObject({ code: 'request.invalid' });
});

it('no route tells a student the address of anyone else', async () => {
  const site = await startTestApi();
  const { sam, courseId, lectureId, lena } = await openClass(site);
  const { _id: videoId } = await site.recordVideo({ courseId, lectureId, title: 'Waves' });
  const ids: Record<string, string> = { courseId, lectureId, videoId, userId: lena.userId, imageId: 'img_00000000000000000000', size: 'small' };
  const queries: Partial<Record<RouteName, object>> = { listLecturePeople: { userIds: lena.userId } };
  const answered: string[] = [];
  for (const [name, spec] of Object.entries(routes) as [RouteName, RouteSpec][]) {
    // Its addresses are examples.
    if (spec.method !== 'GET' || name === 'getOpenApi') continue;
    const path = spec.path.replace(/:(\w+)/g, (_, field: string) => ids[field] ?? 'rec_00000000000000000000');
    const query = new URLSearchParams(Object.entries({ ...queries[name] })).toString();
    const response = await sam.fetch(`${path}?${query}`, { headers: { authorization: `Bearer ${sam.token}` } });
    if (response.ok) answered.push(name);
    const others = (await response.text()).match(/[\w.+-]+@example\.org/g)?.filter((email) => email !== 'sam@example.org' && email !== 'name@example.org');
    expect(others ?? [], name).toEqual([]);
  }
  expect(answered).toEqual(expect.arrayContaining(['getCourse', 'listLectures', 'getLecture', 'getLectureChat', 'listLecturePeople', 'getHome', 'getVideo', 'listCourses', 'listCatalogue', 'getProfile']));
});
