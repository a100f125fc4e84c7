import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { LectureId } from '#engine/contract';
import { LecternProcess } from './LecternProcess.ts';
import { Person } from './Person.ts';
import { RoomVisit } from './RoomVisit.ts';
import { SyntheticEncoder } from './SyntheticEncoder.ts';

/** Enough for a replay with a few chat messages. */
const firstLectureSeconds = 20;
const password = 'lectern-demo';
const dataFolder = path.resolve('.data', 'demo');

const conversation = [
  ['Noor', 'Good morning! Video and audio are fine here.'],
  ['Mateo', 'Is this going to be on the exam?'],
  ['Noor', 'Could you show the previous slide once more?'],
  ['Yuki', 'Why does the frame counter jump after a drop?'],
  ['Mateo', 'Ah, because the clock keeps running. Thanks!'],
  ['Yuki', 'The recording starts at zero, right?'],
] as const;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function startServer(): Promise<LecternProcess> {
  print('Starting Lectern with an empty demo folder …');
  await rm(dataFolder, { recursive: true, force: true });
  return LecternProcess.start({ dataFolder, settings: { LECTERN_LOG_LEVEL: 'warn' }, onLine: (line) => line.includes('"level":50') && print(line) });
}

async function makePeople(server: LecternProcess) {
  if (!server.setupToken) throw new Error('The demo folder has an account already.');
  const account = (name: string) => ({ email: `${name.toLowerCase()}@example.org`, displayName: name, password });
  const ada = await Person.first(server.url, server.setupToken, account('Ada'));
  const students = await Promise.all(['Noor', 'Mateo', 'Yuki'].map((name) => Person.signUp(server.url, account(name))));
  return { ada, students };
}

async function makeCourse(ada: Person, students: readonly Person[]) {
  const course = await ada.api.createCourse({ body: { title: 'Optics for beginners', description: 'Light, lenses and everything between.', enrolmentPolicy: 'open' } });
  for (const student of students) await student.api.enrol({ params: { courseId: course.id }, body: {} });
  const key = await ada.api.issueStreamKey({ params: { courseId: course.id } });
  return { course, rtmpUrl: `${key.serverUrl}/${key.streamKey}` };
}

/** The students join once and send their messages, for the given number of rounds. */
async function chat(server: LecternProcess, { students, lectureId, everySeconds, rounds }: { students: readonly Person[]; lectureId: LectureId; everySeconds: number; rounds: number }): Promise<void> {
  const visits = new Map<string, RoomVisit>();
  for (const student of students) visits.set(student.credentials.displayName, await RoomVisit.enter(server.url, student, lectureId));
  await visits.get('Yuki')?.ask('hand.raise', {});
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, text] of conversation) {
      await pause(everySeconds);
      await visits.get(name)?.ask('chat.post', { text });
    }
  }
}

async function holdFirstLecture(server: LecternProcess, { ada, students, courseId, rtmpUrl }: { ada: Person; students: readonly Person[]; courseId: Parameters<typeof lecture>[1]; rtmpUrl: string }) {
  const { id } = await lecture(ada, courseId, 'Lecture 1: Light');
  print(`Recording a first lecture of ${firstLectureSeconds} s for the replay …`);
  const encoder = new SyntheticEncoder({ url: rtmpUrl, durationSeconds: firstLectureSeconds, profile: 'gentle' });
  await Promise.all([encoder.exited, chat(server, { students, lectureId: id, everySeconds: 2.5, rounds: 1 })]);
  return ada.api.endLecture({ params: { lectureId: id } });
}

function lecture(ada: Person, courseId: Awaited<ReturnType<Person['api']['createCourse']>>['id'], title: string) {
  return ada.api.startLecture({ body: { courseId, title, isRecorded: true } });
}

async function demo(): Promise<void> {
  const server = await startServer();
  const { ada, students } = await makePeople(server);
  const { course, rtmpUrl } = await makeCourse(ada, students);
  const first = await holdFirstLecture(server, { ada, students, courseId: course.id, rtmpUrl });
  const live = await lecture(ada, course.id, 'Lecture 2: Lenses');
  const encoder = new SyntheticEncoder({ url: rtmpUrl, profile: 'obs' });
  const stop = async () => {
    print('Stopping …');
    await encoder.stop();
    await server.stop();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
  print(`
The demo is live. Sign in as  ada@example.org (instructor)  or  noor@example.org (student),  password  ${password}

  Live room   ${server.url}/live/${live.id}
  Studio      ${server.url}/studio/${live.id}
  Replay      ${server.url}/watch/${first.videoId ?? ''}
  Course      ${server.url}/courses/${course.id}

Press Ctrl-C to stop.
`);
  await chat(server, { students, lectureId: live.id, everySeconds: 6, rounds: Infinity });
}

await demo();
