import { describe, expect, it } from 'vitest';
import type { LiveLecture } from '#engine';
import { CourseId, LectureId } from '#engine/contract';
import { FakeTrack } from '#engine/testing';
import { engineLectures } from '#ingest';
import { startSharedTestApi } from '../testing/index.ts';
import type { Browser } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

/** A lecture that an assistant has started, and the encoder of the owner publishes in it. */
async function lectureOfAssistant(name: string): Promise<{ lecture: LiveLecture; assistant: Browser; course: { params: { courseId: string } } }> {
  const { id: courseId } = await ada.api.createCourse({ body: { title: name, enrolmentPolicy: 'open' } });
  const course = { params: { courseId } };
  const assistant = await site.signup(name);
  await assistant.join(ada, courseId, 'assistant');
  const { id } = await assistant.api.startLecture({ body: { courseId, title: 'Waves' } });
  const lecture = site.registry.live(LectureId.parse(id));
  if (!lecture) throw new Error('the lecture is not live');
  site.enter(id, assistant, 'assistant');
  const ingest = await engineLectures(site.registry).openForIngest(CourseId.parse(courseId));
  await ingest.attach({ displayName: 'OBS', sources: { video: new FakeTrack('video'), audio: new FakeTrack('audio') }, tracks: undefined });
  return { lecture, assistant, course };
}

describe('an encoder that publishes in a lecture that an assistant has started', () => {
  it.each([
    { change: 'is removed from the course', act: (sam: Browser, course: { params: { courseId: string } }) => ada.api.removeEnrolment({ params: { ...course.params, userId: sam.userId } }) },
    { change: 'leaves the course', act: (sam: Browser, course: { params: { courseId: string } }) => sam.api.leaveCourse(course) },
    { change: 'deactivates the account', act: (sam: Browser) => sam.api.deactivate() },
    { change: 'becomes a student', act: (sam: Browser, course: { params: { courseId: string } }) => ada.api.setEnrolmentRole({ params: { ...course.params, userId: sam.userId }, body: { role: 'student' } }) },
  ])('goes on when the assistant $change', async ({ change, act }) => {
    const { lecture, assistant, course } = await lectureOfAssistant(change.replaceAll(' ', '-'));
    await act(assistant, course);
    expect(lecture.roster.peopleCount).toBe(0);
    expect(lecture.publications.all().map(({ view }) => view.source)).toEqual(['program', 'program']);
    expect(lecture.view.state).toBe('live');
  });
});
