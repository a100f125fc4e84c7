import { inflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';
import type { Browser, TestApi } from '../testing/index.ts';
import { downloadSeconds, exportRetentionMs, exportRetryMs, exportTimeoutMs } from './limits.ts';

let isStoreBroken = false;
let site: TestApi;
let sam: Browser;
beforeEach(async () => {
  isStoreBroken = false;
  site = await startTestApi();
  sam = await site.signup('sam');
  const put = site.store.put.bind(site.store);
  site.store.put = (...args) => (isStoreBroken ? Promise.reject(new Error('sam@example.org cannot be stored')) : put(...args));
});

/** The files of a ZIP (APPNOTE 6.3.9 §4.3), by its central directory. */
function unzip(zip: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    const [method, packed, nameLength, extraLength, commentLength, offset] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const data = zip.subarray(start, start + packed);
    files.set(name, (method === 8 ? inflateRawSync(data) : data).toString('utf8'));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return files;
}

async function download(browser = sam): Promise<Map<string, string>> {
  const { export: made } = await browser.api.getExport();
  const response = await fetch(`${site.url}${made?.url ?? ''}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="lectern-[\d-]+\.zip"$/);
  expect(response.headers.get('content-type')).toBe('application/zip');
  return unzip(Buffer.from(await response.arrayBuffer()));
}

describe('the download of everything that is stored about a person', () => {
  it('is made by a job, and has a file for every store', async () => {
    expect(await sam.api.getExport()).toEqual({ export: null });
    expect(await sam.api.requestExport()).toMatchObject({ export: { state: 'waiting', url: null, bytes: null } });
    await site.runJobs();
    const { export: made } = await sam.api.getExport();
    expect(made).toMatchObject({ state: 'ready', progress: 1 });
    const files = await download();
    expect([...files.keys()]).toEqual(['README.txt', ...site.personal.sources.map(({ name }) => `${name}.json`)]);
    for (const [name, content] of files) if (name.endsWith('.json')) expect(Array.isArray(JSON.parse(content)), name).toBe(true);
    expect(JSON.parse(files.get('account.json') ?? '')).toMatchObject([{ email: 'sam@example.org', displayName: 'sam' }]);
    expect(JSON.parse(files.get('logins.json') ?? '')).toMatchObject([{ address: '127.0.0.1' }]);
  });

  it('holds what the person said and did, and nothing of others and no secret', async () => {
    const ada = await site.firstAccount();
    const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } });
    await sam.join(ada, courseId, 'student');
    const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Lenses' } });
    const [teacher, student] = [site.enter(lectureId, ada, 'owner'), site.enter(lectureId, sam)];
    await teacher.lecture.chat.post(teacher.participant, 'Welcome.');
    await student.lecture.chat.post(student.participant, 'Good morning!');
    await teacher.lecture.chat.setMuted(teacher.participant, student.participant.userId, true);
    await sam.api.requestExport();
    await site.runJobs();
    const files = await download();
    const all = [...files.values()].join('\n');
    expect(all).toContain('Good morning!');
    expect(JSON.parse(files.get('enrolments.json') ?? '')).toMatchObject([{ courseId, role: 'student' }]);
    expect(all).toContain('chat.muted');
    for (const foreign of ['Welcome.', ada.userId, 'ada@example.org', 'argon2', '"hash"']) expect(all).not.toContain(foreign);
  });

  it('is downloaded by a link that works for minutes, for its owner, while the login is open', async () => {
    await sam.api.requestExport();
    await site.runJobs();
    const { export: made } = await sam.api.getExport();
    const status = async (url: string | null | undefined) => (await fetch(`${site.url}${url ?? ''}`)).status;
    expect(await status(made?.url)).toBe(200);
    expect(await status('/api/v1/users/export/forged')).toBe(401);
    expect(await status(`/api/v1/users/export/${sam.token ?? ''}`)).toBe(401);
    expect(await (await site.signup('eve')).api.getExport()).toEqual({ export: null });
    site.clock.advance(downloadSeconds * 1000);
    expect(await status(made?.url)).toBe(401);
    const { export: again } = await sam.api.getExport();
    await sam.api.logout();
    expect(await status(again?.url)).toBe(401);
    expect(JSON.stringify(site.logLines)).not.toContain(again?.url?.slice('/api/v1/users/export/'.length) ?? '?');
  });

  it('is made once at a time, and replaces the one before', async () => {
    await sam.api.requestExport();
    await sam.api.requestExport();
    expect(await site.collection('personalExports').countDocuments({})).toBe(1);
    await site.runJobs();
    site.clock.advance(1000);
    await sam.api.requestExport();
    await site.runJobs();
    expect(await site.collection('personalExports').countDocuments({})).toBe(1);
    expect((await site.store.list('exports/')).objects.length).toBe(1);
  });

  it('is announced by mail to a verified address', async () => {
    await site.runJobs();
    await sam.api.verifyEmail({ body: { token: site.mailbox.tokenFor('sam@example.org') } });
    await sam.api.requestExport();
    await site.runJobs();
    expect(site.mailbox.to('sam@example.org')).toMatchObject({ subject: 'Your data is ready to download' });
  });

  it('expires after some days, with its file', async () => {
    await sam.api.requestExport();
    await site.runJobs();
    site.clock.advance(exportRetentionMs + 1);
    sam.take(await sam.api.refresh({}));
    expect(await sam.api.getExport()).toEqual({ export: null });
    await site.runJobs();
    expect((await site.store.list('exports/')).objects).toEqual([]);
    expect(await site.collection('personalExports').countDocuments({})).toBe(0);
  });

  it('is shown as failed when it cannot be made, and can be asked for again', async () => {
    isStoreBroken = true;
    await sam.api.requestExport();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      // An error that quotes a record goes no further.
      expect(JSON.stringify(await site.runJobs())).not.toContain('sam@');
      site.clock.advance(exportRetryMs * 4);
    }
    expect(await sam.api.getExport()).toMatchObject({ export: { state: 'failed', url: null } });
    isStoreBroken = false;
    site.clock.advance(1);
    expect(await sam.api.requestExport()).toMatchObject({ export: { state: 'waiting' } });
    await site.runJobs();
    expect((await download()).has('account.json')).toBe(true);
  });

  it('counts as failed when the worker that makes it is gone for hours', async () => {
    await sam.api.requestExport();
    site.clock.advance(exportTimeoutMs + 1);
    sam.take(await sam.api.refresh({}));
    expect(await sam.api.getExport()).toMatchObject({ export: { state: 'failed' } });
  });

  it('cannot be asked for without end', async () => {
    for (let i = 0; i < 5; i += 1) await sam.api.requestExport();
    expect(await refusal(sam.api.requestExport())).toMatchObject({ code: 'request.tooFrequent' });
  });
});
