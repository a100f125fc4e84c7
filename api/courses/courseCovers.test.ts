import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';

const image = async (background: string) => new Uint8Array(await sharp({ create: { width: 32, height: 18, channels: 3, background } }).png().toBuffer());

async function open() {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } });
  return { site, ada, course: { params: { courseId } } };
}

describe('The cover of a course', () => {
  it('is set, replaced and removed by the owner, and in every list', async () => {
    const { site, ada, course } = await open();
    const sam = await site.signup('sam');
    await sam.api.enrol(course);
    const { coverId: first } = await ada.api.setCourseCover({ ...course, body: await image('red') });
    expect(first).not.toBeNull();
    expect(await sam.api.getCourse(course)).toMatchObject({ coverId: first });
    for (const { courses } of [await sam.api.listCourses(), await sam.api.listCatalogue()]) expect(courses).toMatchObject([{ coverId: first }]);
    expect(await refusal(sam.api.setCourseCover({ ...course, body: await image('blue') }))).toMatchObject({ code: 'access.denied' });
    const { coverId: second } = await ada.api.setCourseCover({ ...course, body: await image('blue') });
    expect(second).not.toBe(first);
    expect(await refusal(sam.api.getImage({ params: { imageId: first ?? '', size: 'small' } }))).toMatchObject({ code: 'image.notFound' });
    expect(await ada.api.deleteCourseCover(course)).toMatchObject({ coverId: null });
    expect(await refusal(sam.api.getImage({ params: { imageId: second ?? '', size: 'small' } }))).toMatchObject({ code: 'image.notFound' });
    expect(await refusal(ada.api.setCourseCover({ ...course, body: new TextEncoder().encode('<svg onload="alert(1)">') }))).toMatchObject({ code: 'image.unsupported' });
  });

  it('is copied with the course, so that each can be replaced alone', async () => {
    const { ada, course } = await open();
    const { coverId } = await ada.api.setCourseCover({ ...course, body: await image('red') });
    const copy = await ada.api.duplicateCourse({ ...course, body: { title: 'Copy' } });
    expect([null, coverId]).not.toContain(copy.coverId);
    await ada.api.deleteCourseCover(course);
    expect((await ada.api.getImage({ params: { imageId: copy.coverId ?? '', size: 'large' } })).size).toBeGreaterThan(0);
    expect(await refusal(ada.api.duplicateCourse({ ...course, body: { title: '' } }))).toMatchObject({ code: 'request.invalid' });
  });
});
