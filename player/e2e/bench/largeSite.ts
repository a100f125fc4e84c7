import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newId } from '#engine/kernel';

type Document = Record<string, unknown> & { _id: string };

export interface LargeSite {
  dataFolder: string;
  /** More accounts, all enrolled in the first course as students. */
  accounts: number;
  /** More ended lectures of the first course, each with a stored recording and its video. */
  videos: number;
  /** Those of them whose recordings have segments. */
  videosWithSegments: number;
  /** More courses of the same owner, over which the lectures are spread. Each person is in the first course and in four of them. */
  courses?: number;
}

const coursesEach = 4;

/**
 * Multiplies the account of a student and the recorded lecture in the data of a stopped server. The files of the copies do
 * not exist: they are never played. Returns the accounts, each with a login.
 */
export function makeLargeSite({ dataFolder, accounts, videos, videosWithSegments, courses = 0 }: LargeSite): { userId: string; loginId: string }[] {
  const database = new DatabaseSync(path.join(dataFolder, 'lectern.db'));
  const rows = (table: string) => database.prepare(`SELECT doc FROM "${table}"`).all().map(({ doc }) => JSON.parse(String(doc)) as Document);
  const insert = (table: string, row: Document) => database.prepare(`INSERT INTO "${table}" (_id, doc) VALUES (?, ?)`).run(row._id, JSON.stringify(row));
  const first = (table: string, isWanted: (row: Document) => boolean = () => true) => {
    const row = rows(table).find(isWanted);
    if (!row) throw new Error(`${table} has a row to copy`);
    return row;
  };
  const enrolment = first('enrolments', ({ role }) => role === 'student');
  const student = first('users', ({ _id }) => _id === enrolment.userId);
  const login = first('logins', ({ userId }) => userId === student._id);
  const recording = first('recordings');
  const lecture = first('lectures', ({ _id }) => _id === recording.lectureId);
  const video = first('videos');
  const inits = rows('initSegments').filter(({ recordingId }) => recordingId === recording._id);
  const segments = rows('segments').filter(({ recordingId }) => recordingId === recording._id);

  const course = first('courses', ({ _id }) => _id === recording.courseId);
  const ownerEnrolment = first('enrolments', ({ role, courseId }) => role === 'owner' && courseId === course._id);

  database.exec('BEGIN');
  const courseIds = Array.from({ length: courses }, (_, index) => {
    const courseId = newId('crs');
    insert('courses', { ...course, _id: courseId, title: `Course ${index}`, enrolmentCode: `code${index}` });
    insert('enrolments', { ...ownerEnrolment, _id: newId('enr'), courseId });
    return courseId;
  });
  const courseOf = (index: number) => courseIds[index % courseIds.length] ?? course._id;
  const people = Array.from({ length: accounts }, (_, index) => {
    const [userId, loginId] = [newId('usr'), newId('lgn')];
    const createdAt = new Date(Date.parse(String(student.createdAt)) - (index + 1) * 600_000).toISOString();
    insert('users', { ...student, _id: userId, email: `person${index}@example.org`, displayName: `Person ${index} of ${accounts}`, createdAt });
    insert('enrolments', { ...enrolment, _id: newId('enr'), userId });
    for (let nth = 0; nth < Math.min(coursesEach, courses); nth += 1) insert('enrolments', { ...enrolment, _id: newId('enr'), userId, courseId: courseOf(index * 7 + nth * 251) });
    insert('logins', { ...login, _id: loginId, userId });
    return { userId, loginId };
  });
  for (let index = 0; index < videos; index += 1) {
    const [lectureId, recordingId] = [newId('lec'), newId('rec')];
    const courseId = courseOf(index);
    const at = new Date(Date.parse(String(lecture.startedAt)) - (index + 1) * 86_400_000).toISOString();
    insert('lectures', { ...lecture, _id: lectureId, courseId, title: `Lecture ${index}`, startedAt: at, createdAt: at });
    insert('recordings', { ...recording, _id: recordingId, lectureId, courseId, startedAt: at, isStored: true });
    insert('videos', { ...video, _id: newId('vid'), lectureId, recordingId, courseId, title: `Lecture ${index}`, createdAt: at });
    if (index >= videosWithSegments) continue;
    for (const row of inits) insert('initSegments', { ...row, _id: newId('seg'), recordingId, state: 'stored' });
    for (const row of segments) insert('segments', { ...row, _id: newId('seg'), recordingId, state: 'stored' });
  }
  database.exec('COMMIT');
  database.close();
  return people;
}
