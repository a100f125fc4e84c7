import { expect, it } from 'vitest';
import { routes } from '../contract/index.ts';
import type { RouteName, RouteSpec } from '../contract/index.ts';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import { editedThings, ownThings } from './editedThings.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

it('Of two people who edit the same course, the second learns what the first has changed', async () => {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', description: 'Lenses', enrolmentPolicy: 'open' } });
  const course = { params: { courseId } };
  const [seenByAda, seenByBea] = [await ada.api.getCourse(course), await ada.api.getCourse(course)];
  const saved = await ada.api.updateCourse({ ...course, body: { title: 'Geometrical optics' } }, { ifUnchanged: seenByAda });
  const problem = await refusal(ada.api.updateCourse({ ...course, body: { title: 'Optics I', description: 'Lenses and mirrors' } }, { ifUnchanged: seenByBea }));
  expect(problem).toMatchObject({ status: 412, code: 'version.changed', details: { changed: [{ field: 'title', yours: 'Optics I', current: 'Geometrical optics' }] } });
  expect(await ada.api.getCourse(course)).toMatchObject({ title: 'Geometrical optics', description: 'Lenses' });
  // The answer to a change names the version for the next one.
  expect(await ada.api.updateCourse({ ...course, body: { description: 'Lenses and mirrors' } }, { ifUnchanged: saved })).toMatchObject({ description: 'Lenses and mirrors' });
});

it('What is not edited, like the people in a live lecture, is no change of the version', async () => {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Waves', enrolmentPolicy: 'open' } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  const lecture = { params: { lectureId } };
  const seen = await ada.api.getLecture(lecture);
  site.enter(lectureId, ada, 'owner');
  expect(await ada.api.updateLecture({ ...lecture, body: { title: 'Standing waves' } }, { ifUnchanged: seen })).toMatchObject({ title: 'Standing waves' });
  expect(await refusal(ada.api.updateLecture({ ...lecture, body: { title: 'Sound' } }, { ifUnchanged: seen }))).toMatchObject({ code: 'version.changed' });
});

it('A tag that is not of this server, `*`, and no tag at all', async () => {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Heat' } });
  const put = async (headers: Record<string, string>) => {
    const response = await ada.fetch(`/api/v1/courses/${courseId}`, { method: 'PUT', headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.token ?? ''}`, ...headers }, body: '{"title":"Heat II"}' });
    await response.arrayBuffer();
    return response.status;
  };
  expect(await put({ 'if-match': '"abc"' })).toBe(412);
  expect(await put({ 'if-match': '*' })).toBe(200);
  expect(await put({})).toBe(200);
});

it('Of changes of one version at the same time, one is made', async () => {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Heat' } });
  const seen = await ada.api.getCourse({ params: { courseId } });
  const changes = await Promise.allSettled(['A', 'B', 'C', 'D'].map((title) => ada.api.updateCourse({ params: { courseId }, body: { title } }, { ifUnchanged: seen })));
  expect(changes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('Every change of what another route reads takes If-Match', () => {
  const specs: [string, RouteSpec][] = Object.entries(routes);
  const readPaths = new Set(specs.filter(([, { method }]) => method === 'GET').map(([, { path }]) => path));
  const changes = specs.filter(([, { method, path }]) => method === 'PUT' && readPaths.has(path)).map(([name]) => name as RouteName);
  const missing = changes.filter((name) => editedThings[name] === undefined && !ownThings.has(name));
  expect(missing, 'Add them to editedThings, or to ownThings, in api/editing/editedThings.ts.').toEqual([]);
});
