import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ArrivedUpload } from '#recorder';
import { startTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';
import type { Problem } from '../contract/index.ts';
import { mp4Of, sha256Of } from './testing/mediaFiles.ts';
import { append, create as createUpload, created as createdUpload, encodeMetadata, offsetOf, tus } from './testing/tusRequests.ts';

type Site = Awaited<ReturnType<typeof startTestApi>>;
let site: Site;
let ina: Browser;
let courseId: string;
let arrived: ArrivedUpload[];

beforeEach(async () => {
  arrived = [];
  site = await startTestApi({ uploads: { onArrived: async (upload) => arrived.push(upload) > 0 } });
  ina = await site.firstAccount();
  courseId = (await ina.api.createCourse({ body: { title: 'Optics' } })).id;
});

const file = mp4Of(300_000);
const create = (who: Browser, bytes: number, fields: Record<string, string> = {}) => createUpload(who, bytes, { courseId, ...fields });
const created = (who: Browser, bytes: number, fields: Record<string, string> = {}) => createdUpload(who, bytes, { courseId, ...fields });

async function sendForm(who: Browser, content: Uint8Array, { name = 'Lenses.mp4', query = `courseId=${courseId}` } = {}) {
  const form = new FormData();
  form.append('note', 'before the file');
  form.append('file', new Blob([new Uint8Array(content)]), name);
  const response = await who.fetch(`/api/v1/content/upload?${query}`, { method: 'POST', headers: { authorization: `Bearer ${who.token}` }, body: form });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> & Problem };
}

/** Files in the folder of unfinished uploads. */
const unfinishedFiles = () => readdir(path.join(site.dataFolder, 'objects/uploads')).catch(() => []);

describe('A file in one request', () => {
  it('becomes an object with its hash, size, type and name, and then a video', async () => {
    const { status, body } = await sendForm(ina, file);
    expect([status, body.state, body.title, body.fileName]).toEqual([201, 'done', 'Lenses', 'Lenses.mp4']);
    expect(arrived).toMatchObject([{ videoId: body.videoId, courseId, createdBy: ina.userId, title: 'Lenses', replaces: false, sourceFile: { bytes: file.length, sha256: sha256Of(file), fileName: 'Lenses.mp4', contentType: 'video/mp4' } }]);
    expect((await buffer((await site.store.get(arrived[0]?.sourceFile.key ?? '')).body)).equals(file)).toBe(true);
    expect(await unfinishedFiles()).toEqual([]);
    expect((await ina.api.listAudit()).entries[0]).toMatchObject({ action: 'video.uploaded', target: { kind: 'course', id: courseId }, changes: { videoId: body.videoId } });
  });

  it('leaves nothing when it breaks off, has no file, or is no form', async () => {
    const boundary = 'x';
    const send = (body: string, type = `multipart/form-data; boundary=${boundary}`) => ina.fetch(`/api/v1/content/upload?courseId=${courseId}`, { method: 'POST', headers: { authorization: `Bearer ${ina.token}`, 'content-type': type }, body });
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n`;
    for (const response of [await send(`${head}${file.toString('latin1')}`), await send(`--${boundary}--\r\n`), await send('x', 'text/plain'), await send(`--${boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\n`)]) expect(response.status).toBe(400);
    expect([arrived, (await ina.api.listUploads()).uploads, await unfinishedFiles()]).toEqual([[], [], []]);
  });

  it.each([
    ['../../etc/passwd.mp4', 'passwd.mp4'],
    ['C:\\videos\\lens.mp4', 'lens.mp4'],
    ['\u202egpj.4pm\u0000\u001b[31m.mp4', 'gpj.4pm[31m.mp4'],
    ['....mp4', 'mp4'],
    ['   ', 'file'],
  ])('is stored under its id, and the name %j is a label', async (given, shown) => {
    const { status, headers } = await tus(ina, { headers: { 'Upload-Length': '10', 'Upload-Metadata': encodeMetadata({ courseId, filename: given }) } });
    expect(status).toBe(201);
    expect((await ina.api.listUploads()).uploads).toMatchObject([{ url: headers.get('location'), fileName: shown }]);
    for (const name of await unfinishedFiles()) expect(name).toMatch(/^upl_[0-9a-z]{20}$/);
  });
});

describe('A resumable upload', () => {
  it('is created, continued where it stopped, and becomes a video with the hash of all its bytes', async () => {
    const { status, headers } = await create(ina, file.length, { title: 'Lenses and prisms' });
    const at = headers.get('location') ?? '';
    expect([status, headers.get('tus-resumable')]).toEqual([201, '1.0.0']);
    expect(Date.parse(headers.get('upload-expires') ?? '')).toBeGreaterThan(site.clock.nowMs());
    expect(await offsetOf(ina, at)).toBe(0);
    const first = await append(ina, at, { body: file.subarray(0, 100_000) });
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '100000']);
    expect((await ina.api.listUploads()).uploads).toMatchObject([{ state: 'receiving', offset: 100_000, bytes: file.length, title: 'Lenses and prisms' }]);
    expect((await append(ina, at, { body: file.subarray(100_000), offset: 100_000 })).headers.get('upload-offset')).toBe(String(file.length));
    expect(arrived).toMatchObject([{ title: 'Lenses and prisms', videoId: headers.get('lectern-video'), sourceFile: { sha256: sha256Of(file), bytes: file.length } }]);
    expect([await offsetOf(ina, at), (await ina.api.listUploads()).uploads]).toEqual([file.length, []]);
    // A client that did not get the answer repeats its last request.
    expect((await append(ina, at, { body: new Uint8Array(), offset: file.length })).status).toBe(204);
    expect((await tus(ina, { method: 'DELETE', path: at })).problem).toMatchObject({ code: 'upload.complete' });
  });

  it('may bring its first bytes with its creation', async () => {
    const { headers } = await tus(ina, { headers: { 'Upload-Length': String(file.length), 'Upload-Metadata': encodeMetadata({ courseId }), 'Content-Type': 'application/offset+octet-stream' }, body: file });
    expect(headers.get('upload-offset')).toBe(String(file.length));
    expect(arrived).toHaveLength(1);
  });

  it('refuses bytes at another place, more bytes than its length, and what is not tus', async () => {
    const at = await created(ina, 200_000);
    await append(ina, at, { body: file.subarray(0, 50_000) });
    expect((await append(ina, at, { body: file.subarray(0, 10), offset: 40_000 })).problem).toMatchObject({ code: 'upload.offsetWrong', status: 409 });
    expect((await append(ina, at, { body: file.subarray(50_000), offset: 50_000 })).problem).toMatchObject({ code: 'upload.lengthWrong', status: 413 });
    expect((await tus(ina, { method: 'PATCH', path: at, headers: { 'Upload-Offset': '50000' }, body: new Uint8Array(5) })).problem).toMatchObject({ code: 'request.invalid' });
    const old = await tus(ina, { method: 'HEAD', path: at, headers: { 'Tus-Resumable': '0.2.2' } });
    expect([old.status, old.headers.get('tus-version')]).toEqual([412, '1.0.0']);
    expect(await offsetOf(ina, at)).toBe(50_000);
    for (const length of ['-1', '1e3', '0', '', '99999999999999999999']) expect((await tus(ina, { headers: { 'Upload-Length': length, 'Upload-Metadata': encodeMetadata({ courseId }) } })).status).toBe(400);
    expect((await tus(ina, { headers: { 'Upload-Defer-Length': '1', 'Upload-Metadata': encodeMetadata({ courseId }) } })).status).toBe(400);
    expect((await tus(ina, { headers: { 'Upload-Length': '5', 'Upload-Metadata': 'courseId !' } })).status).toBe(400);
    expect((await ina.api.listUploads()).uploads).toHaveLength(1);
  });

  it('drops the bytes of a request whose checksum does not fit', async () => {
    const at = await created(ina, file.length);
    await append(ina, at, { body: file.subarray(0, 1000) });
    const wrong = await append(ina, at, { body: file.subarray(1000, 2000), offset: 1000, 'Upload-Checksum': `sha1 ${Buffer.alloc(20).toString('base64')}` });
    expect(wrong.problem).toMatchObject({ code: 'upload.checksumWrong', status: 460 });
    expect(await offsetOf(ina, at)).toBe(1000);
    const right = Buffer.from(sha256Of(file.subarray(1000)), 'hex').toString('base64');
    expect((await append(ina, at, { body: file.subarray(1000), offset: 1000, 'Upload-Checksum': `sha256 ${right}` })).status).toBe(204);
    expect(arrived).toMatchObject([{ sourceFile: { sha256: sha256Of(file) } }]);
  });

  it('says what the server can', async () => {
    const { status, headers } = await tus(ina, { method: 'OPTIONS' });
    expect([status, headers.get('tus-version'), headers.get('tus-max-size'), headers.get('tus-checksum-algorithm')]).toEqual([204, '1.0.0', String(50 * 2 ** 30), 'sha1,sha256']);
    expect(headers.get('tus-extension')?.split(',')).toEqual(['creation', 'creation-with-upload', 'termination', 'expiration', 'checksum']);
  });

  it('is cancelled with all that has arrived', async () => {
    const at = await created(ina, file.length);
    await append(ina, at, { body: file.subarray(0, 1000) });
    expect((await tus(ina, { method: 'DELETE', path: at })).status).toBe(204);
    expect([await unfinishedFiles(), (await ina.api.listUploads()).uploads]).toEqual([[], []]);
    expect((await tus(ina, { method: 'HEAD', path: at })).status).toBe(404);
  });

  it('expires a week after its last byte, with what has arrived', async () => {
    const at = await created(ina, file.length);
    const day = 24 * 3600_000;
    site.clock.advance(6 * day);
    await site.runJobs();
    ina.take(await ina.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
    expect((await append(ina, at, { body: file.subarray(0, 1000) })).status).toBe(204);
    site.clock.advance(6 * day);
    await site.runJobs();
    expect(await unfinishedFiles()).toHaveLength(1);
    site.clock.advance(2 * day);
    expect(await site.runJobs()).toEqual([]);
    expect(await unfinishedFiles()).toEqual([]);
  });
});

describe('Uploads of others', () => {
  it('cannot be seen, continued or cancelled, and students cannot upload', async () => {
    const at = await created(ina, file.length);
    const sam = await (await site.signup('sam')).join(ina, courseId, 'assistant');
    const kim = await (await site.signup('kim')).join(ina, courseId, 'student');
    for (const who of [sam, kim]) {
      expect((await tus(who, { method: 'HEAD', path: at })).status).toBe(404);
      expect((await append(who, at, { body: file })).problem).toMatchObject({ code: 'upload.notFound' });
      expect((await tus(who, { method: 'DELETE', path: at })).problem).toMatchObject({ code: 'upload.notFound' });
      expect((await who.api.listUploads()).uploads).toEqual([]);
    }
    expect((await create(kim, 10)).problem).toMatchObject({ code: 'access.denied' });
    expect((await sendForm(kim, file)).body).toMatchObject({ code: 'access.denied' });
    expect((await create(sam, 10)).status).toBe(201);
  });

  it('end with the rights of their sender: a removed assistant does not continue', async () => {
    const sam = await (await site.signup('sam')).join(ina, courseId, 'assistant');
    const at = await created(sam, file.length);
    await append(sam, at, { body: file.subarray(0, 1000) });
    await ina.api.removeEnrolment({ params: { courseId, userId: sam.userId } });
    expect((await append(sam, at, { body: file.subarray(1000), offset: 1000 })).problem).toMatchObject({ code: 'enrolment.removed' });
    expect(arrived).toEqual([]);
  });

  it('continue with another login of the same person', async () => {
    const at = await created(ina, file.length);
    await append(ina, at, { body: file.subarray(0, 1000) });
    await ina.api.logout();
    expect((await append(ina, at, { body: file.subarray(1000), offset: 1000 })).status).toBe(401);
    ina.take(await ina.api.login({ body: { email: 'ada@example.org', password: 'ada-password' } }));
    expect((await append(ina, at, { body: file.subarray(1000), offset: 1000 })).status).toBe(204);
    expect(arrived).toMatchObject([{ sourceFile: { sha256: sha256Of(file) } }]);
  });

  it('are removed with their person', async () => {
    const at = await created(ina, file.length);
    await append(ina, at, { body: file.subarray(0, 1000) });
    await site.personal.erase({ userId: ina.userId, email: 'ada@example.org', displayName: 'Ada' } as never);
    expect(await unfinishedFiles()).toEqual([]);
    expect((await tus(ina, { method: 'HEAD', path: at })).status).not.toBe(200);
  });
});

describe('The size of uploads', () => {
  it('is limited for each role, by settings that change at run time', async () => {
    const set = async (settings: Record<string, number | null>) => ina.api.updateSettings({ body: { version: (await ina.api.getSettings()).version, settings } });
    const sam = await (await site.signup('sam')).join(ina, courseId, 'assistant');
    await set({ maxUploadGbOfOthers: 1, uploadQuotaGbOfOthers: 2, maxUnfinishedUploads: 3 });
    const [gb, large] = [2 ** 30, 900_000_000];
    expect((await create(sam, gb + 1)).problem).toMatchObject({ code: 'upload.tooLarge', status: 413, details: { maxBytes: gb } });
    expect((await create(ina, 51 * gb)).problem).toMatchObject({ code: 'upload.tooLarge' });
    for (let count = 0; count < 2; count += 1) expect((await create(sam, large)).status).toBe(201);
    expect((await create(sam, large)).problem).toMatchObject({ code: 'upload.quotaReached', status: 403 });
    expect((await create(sam, 1000)).status).toBe(201);
    expect((await create(sam, 1000)).problem).toMatchObject({ code: 'upload.tooMany', details: { max: 3 } });
    expect((await sam.api.listUploads()).uploads).toHaveLength(3);
  });

  it('of a form is limited as well, before and while it is read', async () => {
    const response = await ina.fetch(`/api/v1/content/upload?courseId=${courseId}`, { method: 'POST', headers: { authorization: `Bearer ${ina.token}`, 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(2 ** 30) }, body: 'x', duplex: 'half' } as RequestInit).catch(() => undefined);
    if (response) expect(response.status).toBe(413);
    expect((await ina.api.listUploads()).uploads).toEqual([]);
  });
});

describe('A file that is no video', () => {
  const zip = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
  it.each([
    ['a playlist', Buffer.from(`#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n${'#\n'.repeat(5000)}`), 'upload.typeUnknown'],
    ['an SVG image', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'upload.typeUnknown'],
    ['a page', Buffer.from('<!doctype html><video src=x>'), 'upload.typeUnknown'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'upload.typeUnknown'],
    ['a concat script', Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"), 'upload.typeUnknown'],
    ['an archive', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(100)]), 'upload.typeUnknown'],
    ['a video with a page in it', Buffer.concat([mp4Of(200), Buffer.from('<HTML><script>alert(1)</script>'), mp4Of(9000)]), 'upload.polyglot'],
    ['a video with an archive behind it', Buffer.concat([mp4Of(90_000), zip]), 'upload.polyglot'],
  ])('is refused, whatever its name says: %s', async (_name, content, code) => {
    const form = await sendForm(ina, content, { name: 'lecture.mp4' });
    expect(form.body).toMatchObject({ code, status: 415 });
    const at = await created(ina, content.length, { filename: 'lecture.mp4', filetype: 'video/mp4' });
    expect((await append(ina, at, { body: content })).problem).toMatchObject({ code, status: 415 });
    expect((await append(ina, at, { body: content })).problem).toMatchObject({ code });
    expect((await ina.api.listUploads()).uploads).toMatchObject([{ state: 'refused', problem: { code } }, { state: 'refused' }]);
    expect([arrived, await unfinishedFiles()]).toEqual([[], []]);
  });

  it('is refused with its first bytes, not after all of them', async () => {
    const at = await created(ina, 2 ** 30);
    expect((await append(ina, at, { body: Buffer.alloc(64 * 1024, 'x') })).problem).toMatchObject({ code: 'upload.typeUnknown' });
  });
});
