import type { LectureId } from '#engine/contract';
import { bench, processTree, totalCpuSeconds, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { Classroom } from '../Classroom.ts';
import { RawRoomSocket } from './RawRoomSocket.ts';

const crowds = [1000, 5000] as const;
const messages = 20;
/** The chat takes five messages of one person in ten seconds. */
const pauseMs = 2100;
/** Of the pages that one person may have open. */
const socketsEach = 8;
const joinsAtOnce = 8;

interface Crowd {
  sockets: RawRoomSocket[];
  /** Arrival times of each message, by its text. */
  arrivals: Map<string, number[]>;
}

async function grow(crowd: Crowd, { classroom, people, lectureId, until: wanted }: { classroom: Classroom; people: Person[]; lectureId: LectureId; until: number }): Promise<void> {
  const port = Number(new URL(classroom.server.url).port);
  const onPush = (text: string) => {
    const message = /"(Message \d+ to \d+)"/.exec(text)?.[1];
    if (message && text.includes('"chat.posted"')) crowd.arrivals.get(message)?.push(performance.now());
  };
  const joinNext = async () => {
    while (crowd.sockets.length + joining < wanted) {
      const index = crowd.sockets.length + joining;
      joining += 1;
      const person = people[Math.floor(index / socketsEach)];
      if (!person) throw new Error('there are too few people');
      const { ticket } = await person.api.joinLecture({ body: { lectureId } });
      crowd.sockets.push(await RawRoomSocket.join({ port, ticket, onPush }));
      joining -= 1;
    }
  };
  let joining = 0;
  await Promise.all(Array.from({ length: joinsAtOnce }, joinNext));
}

async function converse(crowd: Crowd, visit: RoomVisit): Promise<number[]> {
  const delays: number[] = [];
  for (let message = 1; message <= messages; message += 1) {
    const text = `Message ${message} to ${crowd.sockets.length}`;
    const arrivals: number[] = [];
    crowd.arrivals.set(text, arrivals);
    const sentAt = performance.now();
    await visit.ask('chat.post', { text });
    await until('everyone to have the message', () => arrivals.length === crowd.sockets.length, 30_000);
    delays.push(...arrivals.map((at) => at - sentAt));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return delays;
}

async function enrolMany(classroom: Classroom, { count, report }: { count: number; report: BenchReport }): Promise<Person[]> {
  const people: Person[] = [];
  for (let index = 1; index <= count; index += 1) {
    people.push(await classroom.student(`Student${index}`));
    if (index % 100 === 0) report.say(`${index} of ${count} people have an account`);
  }
  return people;
}

await bench('chat', async (report) => {
  const classroom = await Classroom.open({ settings: { LECTERN_LOG_LEVEL: 'warn' } });
  const crowd: Crowd = { sockets: [], arrivals: new Map() };
  try {
    const lectureId = await classroom.startLecture();
    const people = await enrolMany(classroom, { count: Math.max(...crowds) / socketsEach, report });
    const visit = await RoomVisit.enter(classroom.server.url, classroom.ada, lectureId);
    for (const size of crowds) {
      await grow(crowd, { classroom, people, lectureId, until: size });
      report.say(`${size} sockets are in the room`);
      const pid = classroom.server.pid ?? 0;
      const cpuBefore = totalCpuSeconds(processTree(pid));
      const delays = await converse(crowd, visit);
      const cpuMs = ((totalCpuSeconds(processTree(pid)) - cpuBefore) * 1000) / messages;
      const name = `one message to ${size.toLocaleString('en')} sockets`;
      report.figure({ name, unit: 'ms', samples: delays });
      report.figure({ name: `${name}, CPU of the server`, note: 'with its share of keeping them connected', unit: 'ms', samples: [cpuMs] });
    }
    visit.leave();
  } finally {
    for (const socket of crowd.sockets) socket.close();
    await classroom.close();
  }
});
