import { once } from 'node:events';
import http from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { CourseId } from '#engine/contract';
import { refusal, startSharedTestApi } from '../testing/index.ts';
import { forgetMaterialsOf } from './openMaterials.ts';
import { materialBytesOfRole, materialUrlSeconds } from './limits.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;
// Tests let time pass; access tokens last for ten minutes.
beforeEach(async () => ada.take(await ada.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } })));

/** A PDF that would run a script in a viewer that allows it. */
const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF';
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

async function newCourse() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics' } });
  const sam = await (await site.signup(`reader${(count += 1)}`)).join(ada, courseId, 'student');
  return { courseId, params: { courseId }, sam };
}

const fileOf = (content: string | Buffer) => new Blob([typeof content === 'string' ? content : new Uint8Array(content)]);
const upload = (courseId: string, fileName: string, content: string | Buffer = pdf) => ada.api.uploadMaterial({ params: { courseId }, query: { fileName }, body: fileOf(content) });

async function open(person: typeof ada, { courseId, id: materialId }: { courseId: string; id: string }, isDownload = false): Promise<Response> {
  const { url } = await person.api.openMaterial({ params: { courseId, materialId }, query: { isDownload: String(isDownload) } });
  return fetch(`${site.url}${url}`);
}

describe('a file', () => {
  it('is a PDF by its content; no viewer of a browser opens it, and it may load nothing', async () => {
    const { courseId, sam } = await newCourse();
    const material = await upload(courseId, 'Script "1" – Überblick.exe');
    expect(material).toMatchObject({ title: 'Script "1" – Überblick.exe', file: { contentType: 'application/pdf', format: 'pdf', bytes: pdf.length } });
    const response = await open(sam, material);
    expect([response.status, await response.text()]).toEqual([200, pdf]);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'content-disposition': `attachment; filename="Script _1_ _ _berblick.exe"; filename*=UTF-8''Script%20%221%22%20%E2%80%93%20%C3%9Cberblick.exe`,
      'cache-control': 'private, no-store',
    });
    expect((await open(sam, material, true)).headers.get('content-disposition')).toMatch(/^attachment;/);
  });

  it.each([
    { what: 'a page', fileName: 'index.pdf', content: '<!doctype html><script>alert(1)</script>', format: 'other', disposition: 'attachment' },
    { what: 'an SVG', fileName: 'x.png', content: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', format: 'other', disposition: 'attachment' },
    { what: 'a picture', fileName: 'x.bin', content: png, format: 'image', disposition: 'inline' },
  ])('that is $what is what its content says, and runs nothing', async ({ fileName, content, format, disposition }) => {
    const { courseId, sam } = await newCourse();
    const material = await upload(courseId, fileName, content);
    expect(material.file?.format).toBe(format);
    const { headers } = await open(sam, material);
    expect(headers.get('content-disposition')).toMatch(new RegExp(`^${disposition};`));
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox; frame-ancestors 'none'");
    expect(headers.get('content-type')).not.toMatch(/html/);
  });

  it('of 500 MB is refused before it is read, and so is one that turns out longer than a role may send', async () => {
    const { courseId, params } = await newCourse();
    const tom = await (await site.signup(`tutor${count}`)).join(ada, courseId, 'assistant');
    const tooLong = new Blob(Array.from({ length: 9 }, () => new Uint8Array(materialBytesOfRole.assistant / 8)));
    expect(await refusal(tom.api.uploadMaterial({ params, query: { fileName: 'long.pdf' }, body: tooLong }))).toMatchObject({ code: 'request.tooLarge', status: 413 });
    const headers = { authorization: `Bearer ${ada.token ?? ''}`, 'content-type': 'application/octet-stream', 'content-length': 500 * 2 ** 20 };
    const request = http.request(`${site.url}/api/v1/courses/${courseId}/materials/files?fileName=huge.pdf`, { method: 'POST', headers });
    request.flushHeaders();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    request.on('error', () => undefined).destroy();
    expect(response.statusCode).toBe(413);
    expect(await ada.api.listMaterials({ params })).toEqual({ materials: [] });
    expect((await site.store.list(`materials/${courseId}/`)).objects).toEqual([]);
    expect(await refusal(upload(courseId, 'nothing.pdf', ''))).toMatchObject({ code: 'request.invalid' });
  });

  it('is replaced under the same id; the file that was there is gone', async () => {
    const { courseId, params, sam } = await newCourse();
    const { id: materialId } = await upload(courseId, 'one.pdf');
    const [before] = (await site.store.list(`materials/${courseId}/`)).objects;
    const replaced = await ada.api.replaceMaterialFile({ params: { ...params, materialId }, query: { fileName: 'two.txt' }, body: new Blob(['plain']) });
    expect(replaced).toMatchObject({ id: materialId, title: 'one.pdf', revision: 2, file: { fileName: 'two.txt', contentType: 'application/octet-stream', bytes: 5 } });
    expect(await (await open(sam, replaced)).text()).toBe('plain');
    const after = (await site.store.list(`materials/${courseId}/`)).objects;
    expect([after.length, after[0]?.key === before?.key]).toEqual([1, false]);
    await ada.api.deleteMaterial({ params: { ...params, materialId } });
    expect((await site.store.list(`materials/${courseId}/`)).objects).toEqual([]);
  });

  it('has an address that works for a person, a login and five minutes', async () => {
    const { courseId, sam, params } = await newCourse();
    const material = await upload(courseId, 'one.pdf');
    const { url } = await sam.api.openMaterial({ params: { ...params, materialId: material.id } });
    expect((await fetch(`${site.url}${url}`)).status).toBe(200);
    await ada.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    expect((await fetch(`${site.url}${url}`)).status).toBe(403);
    const own = (await ada.api.openMaterial({ params: { ...params, materialId: material.id } })).url;
    site.clock.advance(materialUrlSeconds * 1000 + 1000);
    expect((await fetch(`${site.url}${own}`)).status).toBe(401);
    ada.take(await ada.api.refresh());
    expect((await fetch(`${site.url}/api/v1/materials/${ada.token ?? ''}`)).status).toBe(401);
  });

  it('counts in what the course stores, and is gone with it', async () => {
    const { courseId } = await newCourse();
    await upload(courseId, 'one.pdf');
    const { total } = await ada.api.listStorage();
    await upload(courseId, 'two.pdf');
    expect((await ada.api.listStorage()).total.materialBytes - total.materialBytes).toBe(pdf.length);
    await forgetMaterialsOf({ database: site.database, objects: site.store }, CourseId.parse(courseId));
    expect((await site.store.list(`materials/${courseId}/`)).objects).toEqual([]);
    expect((await ada.api.listStorage()).total.materialBytes).toBe(total.materialBytes - pdf.length);
  });
});

describe('a material', () => {
  it('is visible from its date, for members of the course', async () => {
    const { params, sam } = await newCourse();
    const visibleFrom = new Date(site.clock.nowMs() + 60_000).toISOString();
    const { id: materialId } = await ada.api.addLink({ params, body: { title: 'Solutions', url: 'https://example.org/x', visibleFrom } });
    expect((await ada.api.listMaterials({ params })).materials).toHaveLength(1);
    expect((await sam.api.listMaterials({ params })).materials).toEqual([]);
    expect(await refusal(sam.api.getMaterial({ params: { ...params, materialId } }))).toMatchObject({ code: 'material.notFound' });
    site.clock.advance(60_000);
    expect((await sam.api.listMaterials({ params })).materials).toMatchObject([{ title: 'Solutions', url: 'https://example.org/x' }]);
    const stranger = await site.signup(`stranger${count}`);
    expect(await refusal(stranger.api.listMaterials({ params }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(sam.api.uploadMaterial({ params, query: { fileName: 'mine.pdf' }, body: fileOf(pdf) }))).toMatchObject({ code: 'access.denied' });
  });

  it('belongs to a lecture or to a moment of a video, and is listed beside it', async () => {
    const { courseId, params, sam } = await newCourse();
    const { id: lectureId } = await ada.api.scheduleLecture({ params, body: { title: 'Waves', scheduledAt: new Date(site.clock.nowMs() + 3600_000).toISOString() } });
    const { _id: videoId } = await site.recordVideo({ courseId, lectureId, title: 'Waves' });
    const add = (title: string, place: object) => ada.api.addLink({ params, body: { title, url: 'https://example.org', ...place } });
    await add('Course', {});
    await add('Lecture', { lectureId });
    await add('Moment', { videoId, atSeconds: 12.5 });
    const titles = async (query: object) => (await sam.api.listMaterials({ params, query })).materials.map(({ title }) => title);
    expect([await titles({}), await titles({ lectureId }), await titles({ videoId })]).toEqual([['Course', 'Lecture', 'Moment'], ['Lecture'], ['Lecture', 'Moment']]);
    const other = await newCourse();
    for (const place of [{ lectureId }, { videoId }]) expect((await refusal(ada.api.addLink({ params: other.params, body: { title: 'x', url: 'https://example.org', ...place } }))).status).toBe(404);
    expect(await refusal(add('Moment', { atSeconds: 3 }))).toMatchObject({ errors: [{ path: 'videoId' }] });
  });

  it('is reordered, and edited by one person at a time', async () => {
    const { params } = await newCourse();
    const add = (title: string) => ada.api.addLink({ params, body: { title, url: 'https://example.org' } });
    const [a, b, c] = [await add('a'), await add('b'), await add('c')];
    await ada.api.orderMaterials({ params, body: { materialIds: [c.id, a.id] } });
    expect((await ada.api.listMaterials({ params })).materials.map(({ title }) => title)).toEqual(['c', 'a', 'b']);
    const known = await ada.api.getMaterial({ params: { ...params, materialId: b.id } });
    const edit = (title: string) => ada.api.updateMaterial({ params: { ...params, materialId: b.id }, body: { title, url: 'http://example.org/b' } }, { ifUnchanged: known });
    await edit('B');
    expect(await refusal(edit('other'))).toMatchObject({ code: 'version.changed', status: 412 });
    expect(await refusal(ada.api.openMaterial({ params: { ...params, materialId: b.id } }))).toMatchObject({ code: 'material.notReady' });
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://example.org', '//example.org', 'https://', 'https://exa mple.org'])('is no link to %s', async (url) => {
    const { params } = await newCourse();
    expect(await refusal(ada.api.addLink({ params, body: { title: 'Bad', url } }))).toMatchObject({ errors: [{ path: 'url' }] });
  });
});
