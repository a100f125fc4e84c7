import type { LectureId } from '#engine/contract';
import { bench, processTree, totalCpuSeconds, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { Classroom } from '../Classroom.ts';
import { RawRoomSocket } from './RawRoomSocket.ts';

const sizes = [1000, 5000] as const;
const messages = 20;
/** The chat accepts five messages of one person in ten seconds. */
const pauseMs = 2100;
/** One person may have so many pages open. */
const socketsEach = 8;
const joinsAtOnce = 8;

interface Audience {
  sockets: RawRoomSocket[];
  /** Arrival times of each message, by its text. */
  arrivals: Map<string, number[]>;
}

async function grow(audience: Audience, { classroom, people, lectureId, until: wanted }: { classroom: Classroom; people: Person[]; lectureId: LectureId; until: number }): Promise<void> {
  const port = Number(new URL(classroom.server.url).port);
  const onPush = (text: string) => {
    const message = /"(Message \d+ to \d+)"/.exec(text)?.[1];
    if (message && text.includes('"chat.posted"')) audience.arrivals.get(message)?.push(performance.now());
  };
  const joinNext = async () => {
    while (audience.sockets.length + joining < wanted) {
      const index = audience.sockets.length + joining;
      joining += 1;
      const person = people[Math.floor(index / socketsEach)];
      if (!person) throw new Error('there are too few accounts');
      const { ticket } = await person.api.joinLecture({ body: { lectureId } });
      audience.sockets.push(await RawRoomSocket.join({ port, ticket, onPush }));
      joining -= 1;
    }
  };
  let joining = 0;
  await Promise.all(Array.from({ length: joinsAtOnce }, joinNext));
}

async function converse(audience: Audience, visit: RoomVisit): Promise<number[]> {
  const delays: number[] = [];
  for (let message = 1; message <= messages; message += 1) {
    const text = `Message ${message} to ${audience.sockets.length}`;
    const arrivals: number[] = [];
    audience.arrivals.set(text, arrivals);
    const sentAt = performance.now();
    await visit.ask('chat.post', { text });
    await until('the message to arrive everywhere', () => arrivals.length === audience.sockets.length, 30_000);
    delays.push(...arrivals.map((at) => at - sentAt));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return delays;
}

async function createStudents(classroom: Classroom, { count, report }: { count: number; report: BenchReport }): Promise<Person[]> {
  const people: Person[] = [];
  for (let index = 1; index <= count; index += 1) {
    people.push(await classroom.student(`Student${index}`));
    if (index % 100 === 0) report.say(`${index} of ${count} accounts created`);
  }
  return people;
}

await bench('chat', async (report) => {
  const classroom = await Classroom.open({ settings: { LECTERN_LOG_LEVEL: 'warn' } });
  const audience: Audience = { sockets: [], arrivals: new Map() };
  try {
    const lectureId = await classroom.startLecture();
    const people = await createStudents(classroom, { count: Math.max(...sizes) / socketsEach, report });
    const visit = await RoomVisit.enter(classroom.server.url, classroom.ada, lectureId);
    for (const size of sizes) {
      await grow(audience, { classroom, people, lectureId, until: size });
      report.say(`${size} sockets are in the room`);
      const pid = classroom.server.pid ?? 0;
      const cpuBefore = totalCpuSeconds(processTree(pid));
      const delays = await converse(audience, visit);
      const cpuMs = ((totalCpuSeconds(processTree(pid)) - cpuBefore) * 1000) / messages;
      const name = `one message to ${size.toLocaleString('en')} sockets`;
      report.figure({ name, unit: 'ms', samples: delays });
      report.figure({ name: `${name}, CPU of the server`, note: 'includes keeping them connected', unit: 'ms', samples: [cpuMs] });
    }
    visit.leave();
  } finally {
    for (const socket of audience.sockets) socket.close();
    await classroom.close();
  }
});
