import { describe, expect, it } from 'vitest';
import { CourseId } from '#engine/contract';
import type { StoredCourse } from './courseRow.ts';
import { CourseSearch } from './CourseSearch.ts';
import { CourseStore } from './CourseStore.ts';
import { refusal, startTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

type Query = NonNullable<Parameters<Browser['api']['listCatalogue']>[0]>['query'];

async function open() {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const create = async (title: string, form: Partial<Parameters<Browser['api']['createCourse']>[0]['body']> = {}) => {
    site.clock.advance(1000);
    return (await ada.api.createCourse({ body: { title, enrolmentPolicy: 'open', ...form } })).id;
  };
  const sam = await site.signup('sam');
  const found = async (query: Query = {}, who = sam) => (await who.api.listCatalogue({ query })).courses.map(({ title }) => title);
  return { site, ada, sam, create, found };
}

describe('The catalogue', () => {
  it('is found by beginnings of words of the title, the tags, the category and the owner, in any case and without accents', async () => {
    const { ada, create, found } = await open();
    const { id: categoryId } = await ada.api.createCategory({ body: { name: 'Natural sciences' } });
    await create('Théorie des cordes');
    await create('Wave optics', { tags: ['Light'], categoryId });
    await create('量子力学入門');
    expect(await found({ search: 'THEO' })).toEqual(['Théorie des cordes']);
    expect(await found({ search: 'opt wav' })).toEqual(['Wave optics']);
    expect(await found({ search: 'lig' })).toEqual(['Wave optics']);
    expect(await found({ search: 'science' })).toEqual(['Wave optics']);
    expect(await found({ search: 'natural optics ada' })).toEqual(['Wave optics']);
    expect(await found({ search: '力学' })).toEqual(['量子力学入門']);
    expect(await found({ search: 'optics strings' })).toEqual([]);
    expect(await found({ search: '.*' })).toEqual([]);
    expect(await found({ search: 'ada' })).toHaveLength(3);
  });

  it('is found by what a course is called now, and by the new name of its owner', async () => {
    const { ada, create, found } = await open();
    const courseId = await create('Optics', { tags: ['light'] });
    await ada.api.updateCourse({ params: { courseId }, body: { title: 'Acoustics', tags: ['sound'] } });
    expect([await found({ search: 'optics' }), await found({ search: 'light' }), await found({ tag: 'light' })]).toEqual([[], [], []]);
    expect([await found({ search: 'acou' }), await found({ search: 'sound' }), await found({ tag: '#Sound' })]).toEqual([['Acoustics'], ['Acoustics'], ['Acoustics']]);
    await ada.api.updateProfile({ body: { displayName: 'Countess Lovelace' } });
    expect(await found({ search: 'lovel' })).toEqual(['Acoustics']);
    expect(await found({ search: 'ada' })).toEqual([]);
  });

  it('keeps the words of the last of two changes at once', async () => {
    const { ada, create, found } = await open();
    const courseId = await create('First');
    const titles = ['Second', 'Third', 'Fourth', 'Fifth'];
    await Promise.all(titles.map((title) => ada.api.updateCourse({ params: { courseId }, body: { title } })));
    const { title, version } = await ada.api.getCourse({ params: { courseId } });
    expect(version).toBe(1 + titles.length);
    expect(await found({ search: title })).toEqual([title]);
    for (const other of ['First', ...titles].filter((one) => one !== title)) expect(await found({ search: other })).toEqual([]);
  });

  it('is filtered and ordered, in pages that miss and repeat nothing', async () => {
    const { ada, create, found, sam } = await open();
    const { id: categoryId } = await ada.api.createCategory({ body: { name: 'Physics' } });
    for (const title of ['Éclairs 10', 'zoology', 'eclairs 2', 'Anatomy', 'Botany']) await create(title, title === 'Botany' ? {} : { categoryId, tags: ['x y'] });
    expect(await found()).toEqual(['Botany', 'Anatomy', 'eclairs 2', 'zoology', 'Éclairs 10']);
    expect(await found({ order: 'title' })).toEqual(['Anatomy', 'Botany', 'eclairs 2', 'Éclairs 10', 'zoology']);
    expect(await found({ categoryId, order: 'title' })).toEqual(['Anatomy', 'eclairs 2', 'Éclairs 10', 'zoology']);
    for (const query of [{ order: 'title', categoryId }, { order: 'title', tag: 'x  y' }, { order: 'title', search: 'ada', categoryId }] as const) {
      const pages: string[][] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await sam.api.listCatalogue({ query: { ...query, limit: 3, ...(cursor === undefined ? {} : { cursor }) } });
        pages.push(page.courses.map(({ title }) => title));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(pages).toEqual([['Anatomy', 'eclairs 2', 'Éclairs 10'], ['zoology']]);
    }
    const { nextCursor } = await sam.api.listCatalogue({ query: { limit: 1 } });
    expect(await refusal(sam.api.listCatalogue({ query: { order: 'title', cursor: nextCursor ?? '' } }))).toMatchObject({ code: 'page.notFound', errors: [{ path: 'cursor' }] });
  });

  it('shows everything to administrators, and to others what they can enrol in', async () => {
    const { ada, create, found } = await open();
    await create('Open');
    await create('Closed', { enrolmentPolicy: 'closed' });
    await create('Draft', { state: 'draft' });
    await ada.api.archiveCourse({ params: { courseId: await create('Archived') } });
    await ada.api.deleteCourse({ params: { courseId: await create('Deleted') } });
    expect([await found(), await found({ search: 'ada' }), await found({ state: 'draft' })]).toEqual([['Open'], ['Open'], []]);
    for (const search of [undefined, 'ada']) expect(await found({ ...(search ? { search } : {}) }, ada)).toEqual(['Archived', 'Draft', 'Closed', 'Open']);
    expect([await found({ state: 'draft' }, ada), await found({ state: 'archived' }, ada), await found({ state: 'published' }, ada)]).toEqual([['Draft'], ['Archived'], ['Closed', 'Open']]);
  });
});

describe('The courses of a person', () => {
  it('are live ones first, then by their next lecture, then the newest, the archive last', async () => {
    const { site, ada, create } = await open();
    const [later, sooner, live, archived] = [await create('Later'), await create('Sooner'), await create('Live'), await create('Archived'), await create('Quiet')];
    const inHours = (hours: number) => new Date(site.clock.nowMs() + hours * 3600_000).toISOString();
    await ada.api.scheduleLecture({ params: { courseId: later }, body: { title: 'B', scheduledAt: inHours(9) } });
    await ada.api.scheduleLecture({ params: { courseId: sooner }, body: { title: 'A', scheduledAt: inHours(2) } });
    await ada.api.startLecture({ body: { courseId: live, title: 'Now' } });
    await ada.api.archiveCourse({ params: { courseId: archived } });
    const titles: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof ada.api.listCourses>> = await ada.api.listCourses({ query: { limit: 2, ...(cursor ? { cursor } : {}) } });
      titles.push(...page.courses.map(({ title }) => title));
      cursor = page.nextCursor;
    }
    expect(titles).toEqual(['Live', 'Sooner', 'Later', 'Quiet', 'Archived']);
  });

  it('are filtered by state, role, tag and words, also drafts and closed ones', async () => {
    const { site, ada, create, sam } = await open();
    await ada.api.setUserRoles({ params: { userId: sam.userId }, body: { roles: ['instructor'] } });
    await sam.api.createCourse({ body: { title: 'Taught by Sam', state: 'draft', tags: ['own'] } });
    const closed = await create('Closed optics', { enrolmentPolicy: 'closed' });
    await (await site.signup('other')).join(ada, closed, 'student');
    await sam.join(ada, closed, 'student');
    const mine = async (query: NonNullable<Parameters<Browser['api']['listCourses']>[0]>['query']) => (await sam.api.listCourses({ query })).courses.map(({ title }) => title);
    expect(await mine({ order: 'title' })).toEqual(['Closed optics', 'Taught by Sam']);
    expect([await mine({ as: 'teacher' }), await mine({ as: 'student' })]).toEqual([['Taught by Sam'], ['Closed optics']]);
    expect([await mine({ state: 'draft' }), await mine({ tag: 'OWN' }), await mine({ search: 'opt ada' }), await mine({ search: 'own' })]).toEqual([['Taught by Sam'], ['Taught by Sam'], ['Closed optics'], ['Taught by Sam']]);
  });
});

it('A search reads the words it looks for and the courses it finds, not all of them', async () => {
  const { site, create, sam } = await open();
  for (let number = 0; number < 40; number += 1) await create(`Course ${number}`);
  await create('Needle');
  await sam.api.listCatalogue({ query: { search: 'needle' } });
  const before = site.database.documentCount;
  await sam.api.listCatalogue({ query: { search: 'needle' } });
  expect(site.database.documentCount - before).toBeLessThan(20);
});

it('Courses that an older version has stored are found and listed', async () => {
  const { site, ada, create, found } = await open();
  const courseId = await create('Optics');
  const courses = site.database.collection<StoredCourse>({ name: 'courses', indexes: CourseStore.indexes });
  await courses.replaceOne({ _id: courseId }, { title: 'Optics', description: '', ownerId: ada.userId, enrolmentPolicy: 'open', enrolmentCode: 'c', createdAt: '2026-01-01T00:00:00.000Z' });
  await new CourseSearch(site.database).remove(CourseId.parse(courseId));
  expect(await found({ search: 'optics' })).toEqual(['Optics']);
  expect(await found()).toEqual(['Optics']);
});
