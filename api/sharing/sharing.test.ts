import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';
import type { TestApi } from '../testing/index.ts';
import { openMedia } from '../media/openMedia.ts';
import { openCourseRoles } from '../index.ts';
import { silentLogger } from '#engine/testing';

let pagesFolder: string;
beforeAll(async () => {
  pagesFolder = await mkdtemp(path.join(tmpdir(), 'lectern-pages-'));
  await writeFile(path.join(pagesFolder, 'index.html'), '<!doctype html><html><head><title>Lectern</title></head><body></body></html>');
});
afterAll(() => rm(pagesFolder, { recursive: true }));

async function recordedLecture(site: TestApi) {
  const ada = await site.firstAccount();
  const sam = await site.signup('sam');
  const course = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId: course.id } });
  const lecture = await ada.api.startLecture({ body: { courseId: course.id, title: 'Waves & "more"' } });
  const { _id, recordingId } = await site.recordVideo({ courseId: course.id, lectureId: lecture.id, title: 'Waves & "more"' });
  const poster = { key: `recordings/${recordingId}/poster.jpg`, bytes: 6, sha256: createHash('sha256').update('poster').digest('hex') };
  await site.store.put(poster.key, { bytes: Buffer.from('poster') }, { contentType: 'image/jpeg', sha256: poster.sha256 });
  await site.videos.attachPoster(recordingId ?? '', poster);
  return { ada, sam, course, params: { videoId: _id as never }, stranger: site.browser() };
}

async function media(site: TestApi) {
  const { media: service } = await openMedia({ ...site, library: site.recorder.recordings, lectures: site.registry, courseRoles: openCourseRoles(site.database), logger: silentLogger, isRedirecting: false });
  return (url: string) => {
    const [, , token = '', ...rest] = url.split('/');
    return service.serve({ method: 'GET', token, path: rest.join('/') });
  };
}

describe('a sharing link', () => {
  it('opens the video to people without an account, until it is revoked', async () => {
    const site = await startTestApi();
    const { ada, sam, params, stranger } = await recordedLecture(site);
    expect(await refusal(sam.api.createLink({ params, body: {} }))).toMatchObject({ code: 'access.denied' });
    const { link, addresses } = await ada.api.createLink({ params, body: { label: 'Parents' } });
    expect(addresses.pageUrl).toMatch(new RegExp(`^${site.url}/v/[0-9a-z]{32}$`));
    const { token } = addresses;
    expect(await stranger.api.getShared({ params: { token } })).toMatchObject({ title: 'Waves & "more"', courseTitle: 'Physics', durationSeconds: 90, pageUrl: addresses.pageUrl });
    const { tracks } = await stranger.api.getSharedStream({ params: { token } });
    const serve = await media(site);
    const { posterUrl } = await stranger.api.getShared({ params: { token } });
    expect(posterUrl?.split('/')[2]).toBe(tracks[0]?.masterUrl.split('/')[2]);
    expect(await serve(posterUrl ?? '')).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' } });
    expect((await ada.api.listLinks({ params })).links).toMatchObject([{ id: link.id, label: 'Parents', views: 1, isExpired: false }]);
    expect(JSON.stringify(await site.collection('sharingLinks').find({}))).not.toContain(token);

    await ada.api.deleteLink({ params: { ...params, linkId: link.id } });
    await expect(serve(posterUrl ?? '')).rejects.toMatchObject({ code: 'access.denied' });
    expect((await ada.api.listLinks({ params })).links).toEqual([]);
  });

  it('fails in one way for strangers, whatever the reason', async () => {
    const site = await startTestApi();
    const { ada, params, stranger } = await recordedLecture(site);
    const [expiring, revoked, hidden] = await Promise.all([{ expiresAt: '2030-02-01T00:00:00.000Z' }, {}, {}].map((body) => ada.api.createLink({ params, body: { ...body, ...('expiresAt' in body && { expiresAt: new Date(site.clock.nowMs() + 60_000).toISOString() }) } })));
    await ada.api.deleteLink({ params: { ...params, linkId: revoked?.link.id ?? '' } });
    site.clock.advance(60_000);
    const token = (of: typeof hidden) => ({ token: of?.addresses.token ?? '' });
    const unknown = { token: '0'.repeat(32) };
    expect((await stranger.api.getShared({ params: token(hidden) })).title).toBe('Waves & "more"');
    await ada.api.updateSharing({ params, body: { visibility: 'course' } });
    const problems = await Promise.all([unknown, token(expiring), token(revoked), token(hidden), { token: params.videoId as string }].map(async (of) => refusal(stranger.api.getShared({ params: of }))));
    const shown = problems.map(({ code, status, detail }) => ({ code, status, detail }));
    expect(new Set(shown.map((problem) => JSON.stringify(problem))).size).toBe(1);
    expect(shown[0]).toMatchObject({ code: 'sharing.notFound', status: 404 });
    expect((await ada.api.listLinks({ params })).links.find(({ id }) => id === expiring?.link.id)).toMatchObject({ isExpired: true });
  });

  it('opens nothing before the date from which the video is visible', async () => {
    const site = await startTestApi();
    const { ada, params, stranger } = await recordedLecture(site);
    const { addresses } = await ada.api.createLink({ params, body: {} });
    await ada.api.updateSharing({ params, body: { visibleFrom: new Date(site.clock.nowMs() + 5000).toISOString() } });
    expect(await refusal(stranger.api.getShared({ params: { token: addresses.token } }))).toMatchObject({ code: 'sharing.notFound' });
    site.clock.advance(5000);
    expect((await stranger.api.getShared({ params: { token: addresses.token } })).title).toBe('Waves & "more"');
  });
});

it('a public video is open by its id', async () => {
  const site = await startTestApi();
  const { ada, params, stranger } = await recordedLecture(site);
  const token = params.videoId as string;
  expect(await refusal(stranger.api.getShared({ params: { token } }))).toMatchObject({ code: 'sharing.notFound' });
  await ada.api.updateSharing({ params, body: { visibility: 'public' } });
  const { posterUrl } = await stranger.api.getShared({ params: { token } });
  const serve = await media(site);
  expect((await serve(posterUrl ?? '')).status).toBe(200);
  await ada.api.updateSharing({ params, body: { visibility: 'course' } });
  await expect(serve(posterUrl ?? '')).rejects.toMatchObject({ code: 'access.denied' });
});

describe('the page of a link', () => {
  it('describes the video, and may be framed by the allowed sites only', async () => {
    const site = await startTestApi({ pagesFolder });
    const { ada, params } = await recordedLecture(site);
    const { addresses } = await ada.api.createLink({ params, body: { sites: ['https://moodle.example.org'] } });
    const page = await fetch(addresses.pageUrl, { headers: { accept: 'text/html' } });
    const html = await page.text();
    expect(html).toContain('<meta property="og:title" content="Waves &#38; &#34;more&#34;">');
    expect(html).toContain(`type="application/json+oembed" href="${site.url}/api/v1/oembed?format=json&#38;url=${encodeURIComponent(addresses.pageUrl)}"`);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self';".replace(';', ''));
    expect(page.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect([page.headers.get('x-robots-tag'), page.headers.get('set-cookie')]).toEqual(['noindex', null]);
    const embed = await fetch(addresses.embedUrl);
    expect(embed.headers.get('content-security-policy')).toContain("frame-ancestors 'self' https://moodle.example.org");
    expect([embed.headers.get('x-frame-options'), embed.headers.get('set-cookie')]).toEqual([null, null]);
    const unknown = await fetch(`${site.url}/embed/${'0'.repeat(32)}`);
    expect([unknown.status, unknown.headers.get('x-frame-options')]).toEqual([404, 'SAMEORIGIN']);
    expect(await unknown.text()).not.toContain('og:title');
  });

  it('has a playlist address for other players, which every origin may read', async () => {
    const site = await startTestApi({ pagesFolder });
    const { ada, params } = await recordedLecture(site);
    const { addresses } = await ada.api.createLink({ params, body: {} });
    const answer = await fetch(addresses.playerUrl, { redirect: 'manual' });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('location')).toMatch(/^\/media\/[^/]+\/main\.m3u8$/);
    expect((await fetch(`${site.url}/v/${'0'.repeat(32)}/main.m3u8`)).status).toBe(404);
  });

  it('is embedded by oEmbed, in JSON and in XML, within the size that is asked for', async () => {
    const site = await startTestApi({ pagesFolder });
    const { ada, params } = await recordedLecture(site);
    const { addresses } = await ada.api.createLink({ params, body: { sites: ['*'] } });
    const ask = (query: Record<string, string>) => fetch(`${site.url}/api/v1/oembed?${new URLSearchParams(query).toString()}`);
    const json = (await (await ask({ url: addresses.pageUrl, maxwidth: '320' })).json()) as Record<string, unknown>;
    expect(json).toMatchObject({ version: '1.0', type: 'video', title: 'Waves & "more"', width: 320, height: 180 });
    expect(json.html).toContain(`<iframe src="${addresses.embedUrl}" title="Waves &#38; &#34;more&#34;" width="320" height="180"`);
    const xml = await (await ask({ url: addresses.pageUrl, format: 'xml', maxheight: '90' })).text();
    expect(xml).toContain('<title>Waves &#38; &#34;more&#34;</title>');
    expect(xml).toContain('<width>160</width><height>90</height>');
    for (const url of [`${site.url}/v/${'0'.repeat(32)}`, 'https://evil.example.org/v/x', 'nonsense', (await ada.api.createLink({ params, body: {} })).addresses.pageUrl]) expect((await ask({ url })).status).toBe(404);
  });
});

describe('the file of a video', () => {
  it('is for those who manage videos, and for others when it is allowed', async () => {
    const site = await startTestApi();
    const { ada, sam, params } = await recordedLecture(site);
    expect((await ada.api.createVideoFile({ params })).url).toMatch(/^\/media\/[^/]+\/download\/video\.mp4$/);
    expect(await refusal(sam.api.createVideoFile({ params }))).toMatchObject({ code: 'video.notDownloadable', status: 403 });
    await ada.api.updateSharing({ params, body: { isDownloadable: true } });
    const { url } = await sam.api.createVideoFile({ params, query: { height: 480 } });
    expect(site.tokens.verify('file', url.split('/')[2] ?? '')).toMatchObject({ heightPx: 480, view: 'main', isManager: false });
    const answer = await sam.fetch(`/api/v1/content/${params.videoId as string}/download`, { redirect: 'manual', headers: { authorization: `Bearer ${sam.token}` } });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toMatch(/^\/media\//);
    const serve = await media(site);
    await ada.api.updateSharing({ params, body: { isDownloadable: false } });
    await expect(serve(url)).rejects.toMatchObject({ code: 'video.notDownloadable' });
  });
});
